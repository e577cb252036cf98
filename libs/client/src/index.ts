export {
  CandlekeepClient,
  type CandlekeepClientOptions,
  CandlekeepRequestFailed,
  type CandlesReceived,
  type CandlesWanted,
} from './candlekeep-client';
