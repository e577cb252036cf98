import type { AnswerSource, CandleAnswer } from '../candle-query';

/** The fastest first. */
const BY_SPEED: readonly AnswerSource[] = ['l1', 'l2', 'fold', 'exchange'];

/** Where the parts of one long answer came from. */
export class RangeTally {
  private source: AnswerSource = 'l1';
  private collapsed = false;

  /** The slowest tier that was needed so far, and whether somebody else had asked for something that was waited for. */
  get origin(): Pick<CandleAnswer, 'source' | 'collapsed'> {
    return { source: this.source, collapsed: this.collapsed };
  }

  add({ source, collapsed }: Pick<CandleAnswer, 'source' | 'collapsed'>): void {
    this.heed(source);
    this.collapsed ||= collapsed;
  }

  heed(source: AnswerSource): void {
    if (BY_SPEED.indexOf(source) > BY_SPEED.indexOf(this.source)) this.source = source;
  }
}
