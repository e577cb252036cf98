import { PassThrough } from 'node:stream';
import { openTerminal } from './terminal';

const streams = (isTTY: boolean, columns: number) => ({
  stdin: Object.assign(new PassThrough(), { isTTY }),
  stdout: Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns }),
});
const never = new AbortController().signal;

describe('a terminal', () => {
  it.each([
    [80, 'a long line'],
    [5, 'a lo'],
    [0, 'a long line'],
  ])('of %i columns is drawn over and over', (columns, drawn) => {
    const both = streams(true, columns);
    const terminal = openTerminal(() => 0, both);
    terminal.show('a long line');
    terminal.show('a long line');
    terminal.say('done');
    expect(both.stdout.read()).toBe(`\r\u001b[K${drawn}\r\u001b[K${drawn}\r\u001b[Kdone\n`);
  });

  it('that keeps its lines gets one every five seconds', () => {
    const both = streams(false, 0);
    let nowMs = 0;
    const terminal = openTerminal(() => nowMs, both);
    for (; nowMs <= 6_000; nowMs += 1_000) terminal.show(`at ${nowMs}`);
    expect(both.stdout.read()).toBe('at 0\nat 5000\n');
  });

  it('hands on what a person says', async () => {
    const both = streams(true, 80);
    const asking = openTerminal(() => 0, both).ask('Sure? ', never);
    both.stdin.write('KRW-BTC\r\n');
    expect(await asking).toEqual({ kind: 'said', text: 'KRW-BTC' });
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('knows a person who leaves by %s', async (_, key) => {
    const both = streams(true, 80);
    const asking = openTerminal(() => 0, both).ask('Sure? ', never);
    both.stdin.write(key);
    expect(await asking).toEqual({ kind: 'left' });
    expect(both.stdout.read()).toMatch(/Sure\? .*\n$/s);
  });

  it('that is closed, or left by a signal, answers nothing', async () => {
    const closed = streams(true, 80);
    const asking = openTerminal(() => 0, closed).ask('Sure? ', never);
    closed.stdin.end();
    expect(await asking).toEqual({ kind: 'left' });
    const signal = new AbortController();
    const asked = openTerminal(() => 0, streams(true, 80)).ask('Sure? ', signal.signal);
    signal.abort();
    expect(await asked).toEqual({ kind: 'left' });
  });

  it('where nobody sits is not asked', async () => {
    const asking = openTerminal(() => 0, streams(false, 80)).ask('Sure? ', never);
    expect(await asking).toEqual({ kind: 'nobody' });
  });
});
