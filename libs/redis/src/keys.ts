/**
 * The key space, in one place. Every key is named here with its bound and with who deletes it. Keys that one script
 * touches together share one hash tag (the part in braces), so Redis Cluster keeps them in one slot.
 *
 * | key | type | server | bound, and who deletes it |
 * |---|---|---|---|
 * | `{ck:<series>}:rows` | sorted set | cache | newest rows of one series; trimmed by put-page.lua; TTL, or eviction |
 * | `{ck:<series>}:meta` | hash | cache | fixed fields; TTL, or eviction |
 * | `{ck:l1}:used` | sorted set | cache | one member per series' window; taken off with the window, audited, TTL |
 * | `{ck:l1}:sizes` | hash | cache | one field per series' window; as above |
 * | `{ck:text:<name>}` | string | cache | one answer of the exchange as text; TTL, or eviction |
 * | `{ck:limit:<egress>}:<group>:*` | sorted set, strings | queue | at most one permit a slot; TTL, see rate-limiter |
 * | `{ck}:<queue>:*` | BullMQ's | queue | BullMQ; finished jobs are removed or bounded by the producer |
 * | `ck:ready:<database>` | channel | queue | holds nothing |
 */
export const keys = {
  seriesRows: (series: string): string => `{ck:${series}}:rows`,
  seriesMeta: (series: string): string => `{ck:${series}}:meta`,
  /** Matches the keys of every series, and a few others: see `findSeries`. */
  seriesPattern: '{ck:*}:*',
  /** The series whose rows or meta a key holds; undefined for any other key. */
  findSeries: (key: string): string | undefined => /^\{ck:(.+)\}:(?:rows|meta)$/.exec(key)?.[1],
  windowsUsed: '{ck:l1}:used',
  windowSizes: '{ck:l1}:sizes',
  textAnswer: (name: string): string => `{ck:text:${name}}`,
  limit: (egressId: string, group: string, part: string): string =>
    `{ck:limit:${egressId}}:${group}:${part}`,
  /** BullMQ's key prefix. */
  queuePrefix: '{ck}',
  /** Channel on which workers say that a load has ended. Channels know no database numbers, so the name carries it. */
  readyChannel: (database: number): string => `ck:ready:${database}`,
} as const;
