import { Blocks } from './blocks';

const order = { blockMs: 1_000, form: 'text' } as const;

describe('blocks', () => {
  it('last as long as they say, and twice as long at each repeat of an address', () => {
    const blocks = new Blocks();
    expect(blocks.begin('a', order, 0).leftMs).toBe(1_000);
    expect(blocks.find('a', 400)).toEqual({ leftMs: 600, form: 'text' });
    expect(blocks.find('b', 400)).toBeUndefined();
    expect(blocks.find('a', 1_000)).toBeUndefined();
    expect(blocks.begin('a', order, 2_000).leftMs).toBe(2_000);
    expect(blocks.begin('a', order, 9_000).leftMs).toBe(4_000);
    expect(blocks.begin('b', order, 9_000).leftMs).toBe(1_000);
  });

  it('end, and are forgotten, when they are lifted', () => {
    const blocks = new Blocks();
    blocks.begin('a', order, 0);
    blocks.lift();
    expect(blocks.find('a', 1)).toBeUndefined();
    expect(blocks.begin('a', order, 2).leftMs).toBe(1_000);
  });

  it('begin by themselves after repeated refusals only when that is switched on', () => {
    const blocks = new Blocks();
    for (const atMs of [0, 1, 2]) blocks.noteRefusal('a', atMs);
    expect(blocks.find('a', 3)).toBeUndefined();
    blocks.escalate({ ...order, after: 3, withinMs: 100 });
    for (const atMs of [10, 60, 110]) blocks.noteRefusal('a', atMs);
    expect(blocks.find('a', 111)).toBeUndefined();
    blocks.noteRefusal('a', 130);
    expect(blocks.find('a', 131)).toEqual({ leftMs: 999, form: 'text' });
  });
});
