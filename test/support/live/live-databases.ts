/** Redis databases that the tests of live have for themselves on both servers, beside those of `redis-databases.ts`. */
export const liveDatabases = {
  live: 50,
  leader: 51,
  streamFaults: 52,
  outages: 53,
} as const;
