export { jobOf, QueueCandleSource } from './queue-candle-source';
