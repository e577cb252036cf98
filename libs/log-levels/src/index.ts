export { type LevelWish, LOGGING_PROCESSES, LogLevels, type LogLevelsParts } from './log-levels';
