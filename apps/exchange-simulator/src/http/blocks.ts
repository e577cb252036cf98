import type { BlockForm } from './reply';

/** A block to impose on an address. */
export interface BlockOrder {
  /** Length of an address' first block, ms; each further one is twice as long as the one before. */
  readonly blockMs: number;
  readonly form: BlockForm;
}

/** When refusals lead to a block. */
export interface Escalation extends BlockOrder {
  /** So many 429s ... */
  readonly after: number;
  /** ... within this time, ms. */
  readonly withinMs: number;
}

/** What is left of a block. */
export interface Block {
  readonly leftMs: number;
  readonly form: BlockForm;
}

interface Record418 {
  readonly untilMs: number;
  readonly episodes: number;
  readonly form: BlockForm;
}

/** Which addresses are blocked, and how often they were. All times are on a clock that never goes back. */
export class Blocks {
  private readonly records = new Map<string, Record418>();
  private readonly refusals = new Map<string, number[]>();
  private escalation: Escalation | undefined;

  /** Begins a block, or the next one. */
  begin(address: string, { blockMs, form }: BlockOrder, atMs: number): Block {
    const episodes = (this.records.get(address)?.episodes ?? 0) + 1;
    const leftMs = blockMs * 2 ** (episodes - 1);
    this.records.set(address, { untilMs: atMs + leftMs, episodes, form });
    return { leftMs, form };
  }

  /** The running block of an address; undefined when it is free. */
  find(address: string, atMs: number): Block | undefined {
    const record = this.records.get(address);
    if (record === undefined || record.untilMs <= atMs) return undefined;
    return { leftMs: record.untilMs - atMs, form: record.form };
  }

  /** Says when 429s lead to blocks; undefined: never, as at the start. */
  escalate(escalation: Escalation | undefined): void {
    this.escalation = escalation;
    this.refusals.clear();
  }

  /** Takes note of a 429; one too many begins a block, which the next call meets. */
  noteRefusal(address: string, atMs: number): void {
    if (this.escalation === undefined) return;
    const { after, withinMs } = this.escalation;
    const earlier = this.refusals.get(address) ?? [];
    const recent = [...earlier, atMs].filter((refusedMs) => atMs - refusedMs < withinMs);
    const isTooMany = recent.length >= after;
    this.refusals.set(address, isTooMany ? [] : recent);
    if (isTooMany) this.begin(address, this.escalation, atMs);
  }

  /** Frees all addresses and forgets how often they were blocked. */
  lift(): void {
    this.records.clear();
    this.refusals.clear();
  }
}
