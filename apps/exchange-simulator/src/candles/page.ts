/** Which rows are wanted: at most `count` of those that open before `beforeMs` (epoch ms; `Infinity` for the newest). */
export interface Page {
  readonly beforeMs: number;
  readonly count: number;
}
