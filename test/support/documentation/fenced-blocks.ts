/** A block of code in a page. */
export interface FencedBlock {
  readonly language: string;
  readonly text: string;
  /** Line of the page at which its text begins, from 1. */
  readonly line: number;
}

const FENCE = /^ *```([\w-]*)\n([^]*?)\n *```$/gm;

/** Every fenced block of a Markdown page, in its order. */
export function fencedBlocks(page: string): FencedBlock[] {
  return [...page.matchAll(FENCE)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: page.slice(0, match.index).split('\n').length + 1,
  }));
}
