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
 * | `{ck:l1}:wanted` | hash | cache | one field per series that is expected to be asked for; replaced as a whole; TTL |
 * | `{ck:text:<name>}` | string | cache | one answer of the exchange as text; TTL, or eviction |
 * | `{ck:limit:<egress>}:<group>:slots` | sorted set | queue | one member per slot of the group; TTL |
 * | `{ck:limit:<egress>}:<group>:sent` | sorted set | queue | calls of the last hour, for the caps; trimmed by the script; TTL |
 * | `{ck:limit:<egress>}:<group>:waiting` | sorted set | queue | one member per waiting call; taken off by its caller, or by the script when silent; TTL |
 * | `{ck:limit:<egress>}:<group>:patience` | sorted set | queue | as `waiting`: until when each is waited for |
 * | `{ck:limit:<egress>}:<group>:state` | hash | queue | fixed fields: pause, fewer slots, breaker; TTL |
 * | `{ck:limit:<egress>}:circuit` | hash | queue | fixed fields: a block of the whole egress; kept over restarts; TTL |
 * | `{ck:limit}:groups` | sorted set | queue | `<egress> <group>` by last use; the limiter takes off what is long unused |
 * | `{ck:lease:<name>}` | hash | queue | fixed fields: who holds it, the largest token; TTL |
 * | `{ck}:want:<fetch id>` | hash | queue | fixed fields: who wants a fetch; deleted when its job ends; TTL |
 * | `{ck}:<queue>:*` | BullMQ's | queue | BullMQ; finished jobs are removed or bounded by the producer |
 * | `{ck:feed}:status` | string | queue | one: how the leader of the live stream stands; TTL |
 * | `{ck:feed}:last:<kind>:<market>` | hash | queue | fixed fields: the last frame of one kind and market; TTL |
 * | `{ck:usage}:notes` | stream | queue | the last 1,000 questions; trimmed by each add; TTL |
 * | `{ck:preload}:budget` | hash | queue | fixed fields: calls that preloading may still make; TTL |
 * | `{ck:preload}:plan` | string | queue | one: what is kept warm and why; TTL |
 * | `{ck:session:<hash>}` | string | queue | one: the key that a person logged in with; deleted at logout; TTL |
 * | `{ck:quota}:<window>:<key id>` | string | queue | one counter per key and window; TTL |
 * | `{ck:day}:<date>` | hash | queue | what all processes counted on one day, a few dozen fields; TTL |
 * | `{ck:log}:<process>` | string | queue | one a kind of process, and one for all: a log level; TTL |
 * | `ck:l1:changes:<database>` | channel | cache | holds nothing |
 * | `ck:ready:<database>`, `ck:hurry:<database>` | channel | queue | holds nothing |
 * | `ck:feed:heads:<database>`, `ck:feed:<kind>:<market>:<database>` | channel | queue | holds nothing |
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
  /** Until when a series' window is kept before others, and how many rows of it. */
  windowsWanted: '{ck:l1}:wanted',
  /** Channel on which it is said that a series' window shows something else now. */
  windowChanges: (database: number): string => `ck:l1:changes:${database}`,
  textAnswer: (name: string): string => `{ck:text:${name}}`,
  limit: (egressId: string, group: string, part: string): string =>
    `{ck:limit:${egressId}}:${group}:${part}`,
  /** State of a block that counts for every group of one egress. */
  limitCircuit: (egressId: string): string => `{ck:limit:${egressId}}:circuit`,
  /** Members are `<egress> <group>`: which budgets there are to look at. */
  limitGroups: '{ck:limit}:groups',
  /** Who holds a lease, and the largest token that it gave. */
  lease: (name: string): string => `{ck:lease:${name}}`,
  /** BullMQ's key prefix. */
  queuePrefix: '{ck}',
  /** How long, and how urgently, a fetch is wanted. Shares the tag of the queues: one script looks at both. */
  fetchWant: (id: string): string => `{ck}:want:${id}`,
  /** How the leader of the live stream stands. */
  feedStatus: '{ck:feed}:status',
  /** What was asked of gateways lately. */
  usageNotes: '{ck:usage}:notes',
  /** What preloading may still spend. */
  preloadBudget: '{ck:preload}:budget',
  /** What is kept warm, and why. */
  preloadPlan: '{ck:preload}:plan',
  /** The last frame of the exchange's stream, by kind (`trade`) and market. */
  feedFrame: (kind: string, market: string): string => `{ck:feed}:last:${kind}:${market}`,
  /** What a person logged in with; the name is the hash of what the browser holds. */
  session: (hash: string): string => `{ck:session:${hash}}`,
  /** Prefix of the counters of one window, by key. */
  quota: (window: string): string => `{ck:quota}:${window}`,
  /** What all processes counted on one day (`2026-11-23`, UTC). */
  dayCounts: (day: string): string => `{ck:day}:${day}`,
  /** From which level on processes of one kind log, or `all` of them. */
  logLevel: (process: string): string => `{ck:log}:${process}`,
  /** Channel on which it is said whose newest rows were seen anew. */
  feedHeads: (database: number): string => `ck:feed:heads:${database}`,
  /** Channel of the exchange's frames of one kind and market. */
  feedFrames: (kind: string, market: string, database: number): string =>
    `ck:feed:${kind}:${market}:${database}`,
  /** Channel on which it is said that a fetch under way is wanted more urgently, or for longer. */
  hurryChannel: (database: number): string => `ck:hurry:${database}`,
  /** Channel on which workers say that a load has ended. Channels know no database numbers, so the name carries it. */
  readyChannel: (database: number): string => `ck:ready:${database}`,
} as const;
