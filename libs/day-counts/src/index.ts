export { DayCounts, type DayCountsParts } from './day-counts';
export { type Day, readDay } from './read-day';
