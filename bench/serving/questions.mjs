// What the sections ask.
const MINUTE = 60_000;

export const LATEST = '/v1/candles/minutes/1?market=KRW-BTC&count=200';

/** 200 rows that are all final. */
export function closedPage(minutesAgo = 120) {
  return `${LATEST}&to=${minuteText(minutesAgo)}`;
}

/** A whole minute so many before that of `nowMs`. */
export function minuteOf(minutesAgo, nowMs = Date.now()) {
  return new Date((Math.floor(nowMs / MINUTE) - minutesAgo) * MINUTE);
}

/** The same as the `to` of a question. */
export function minuteText(minutesAgo, nowMs) {
  return minuteOf(minutesAgo, nowMs).toISOString().slice(0, 19);
}
