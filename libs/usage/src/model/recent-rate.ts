/** Half of what a rate knows is from the newest three chances: it turns within three of them. */
const KEPT = 2 ** (-1 / 3);
/** Callers are programs: what came once mostly comes again. One chance's worth of belief. */
const PRIOR_HITS = 0.75;

/** How often the newest chances were taken; the newest weigh most. */
export class RecentRate {
  constructor(
    public hits: number,
    public chances: number,
  ) {}

  /** 0..1, drawn towards 0.75 while little is known. */
  get rate(): number {
    return (this.hits + PRIOR_HITS) / (this.chances + 1);
  }

  record(came: boolean): void {
    this.hits = this.hits * KEPT + (came ? 1 : 0);
    this.chances = this.chances * KEPT + 1;
  }

  /** Records so many chances that were not taken. */
  recordAbsences(count: number): void {
    const kept = KEPT ** count;
    this.hits *= kept;
    this.chances = this.chances * kept + (1 - kept) / (1 - KEPT);
  }
}
