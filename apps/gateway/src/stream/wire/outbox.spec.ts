import { Frame } from './frame';
import { MessageLimit } from './message-limit';
import { MOST_UNSENT_BYTES, Outbox } from './outbox';
import { FREE_PASS } from '../../access/stream-passes';

class SlowWire {
  unsentBytes = 0;
  readonly sent: string[] = [];

  send(bytes: Buffer): void {
    this.sent.push(bytes.toString());
  }
}

const state = (version: number): Frame => new Frame(`{"v":${version},"stream_type":"REALTIME"}`);
const trade = (id: number): Frame => new Frame(`{"sequential_id":${id},"stream_type":"REALTIME"}`);

describe('an outbox', () => {
  const slow = () => {
    const wire = new SlowWire();
    wire.unsentBytes = MOST_UNSENT_BYTES + 1;
    return { wire, outbox: new Outbox(wire, FREE_PASS) };
  };

  it('passes on at once what its client takes', () => {
    const wire = new SlowWire();
    const outbox = new Outbox(wire, FREE_PASS);
    outbox.put('a', { frame: state(1), type: 'REALTIME' }, 0);
    expect(wire.sent).toEqual(['{"v":1,"stream_type":"REALTIME"}']);
    expect(outbox.stuckMs(99_000)).toBe(0);
  });

  it('keeps the newest state of each topic for a slow client, and that it is owed a snapshot', () => {
    const { wire, outbox } = slow();
    outbox.put('a', { frame: state(1), type: 'SNAPSHOT' }, 0);
    outbox.put('b', { frame: state(1), type: 'REALTIME' }, 0);
    for (let v = 2; v <= 500; v++) {
      for (const topic of ['a', 'b']) outbox.put(topic, { frame: state(v), type: 'REALTIME' }, v);
    }
    expect(outbox.length).toBe(2);
    wire.unsentBytes = 0;
    outbox.pump(501);
    expect(wire.sent).toEqual([
      '{"v":500,"stream_type":"SNAPSHOT"}',
      '{"v":500,"stream_type":"REALTIME"}',
    ]);
  });

  it('keeps the newest 100 trades', () => {
    const { wire, outbox } = slow();
    for (let id = 1; id <= 250; id++) {
      outbox.put('trade', { frame: trade(id), type: 'REALTIME' }, id);
    }
    expect(outbox.length).toBe(100);
    wire.unsentBytes = 0;
    outbox.pump(300);
    expect(wire.sent[0]).toContain('"sequential_id":151,');
    expect(wire.sent.at(-1)).toContain('"sequential_id":250,');
  });

  it('says for how long its client has taken nothing', () => {
    const { wire, outbox } = slow();
    outbox.put('a', { frame: state(1), type: 'REALTIME' }, 1_000);
    outbox.pump(20_000);
    expect(outbox.stuckMs(31_000)).toBe(30_000);
    wire.unsentBytes = 0;
    outbox.pump(31_000);
    expect(outbox.stuckMs(99_000)).toBe(0);
  });
});

describe('the message limit', () => {
  it('admits five in any second and a hundred in any minute', () => {
    const limit = new MessageLimit();
    const admitted = (atMs: number) => limit.tryAdmit(atMs);
    expect([0, 1, 2, 3, 4, 5, 999].map(admitted)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(admitted(1_000)).toBe(true);
    const minute = Array.from({ length: 200 }, (_, i) => admitted(1_500 + i * 250));
    expect(minute.filter(Boolean)).toHaveLength(94);
    expect(admitted(60_500)).toBe(true);
  });

  it('has candles paid for as they are sent, and keeps the newest of a topic while there is nothing to pay from', () => {
    const wire = new SlowWire();
    let rows = 2;
    const purse = { mayTell: () => rows > 0, pay: (candles: number) => void (rows -= candles) };
    const outbox = new Outbox(wire, purse);
    const candle = (version: number): Frame =>
      new Frame(`{"c":${version},"stream_type":"REALTIME"}`, 1);
    for (let v = 1; v <= 9; v++) outbox.put('a', { frame: candle(v), type: 'REALTIME' }, v);
    for (let v = 1; v <= 9; v++) {
      outbox.put('b', { frame: candle(v), type: v === 1 ? 'SNAPSHOT' : 'REALTIME' }, v);
    }
    outbox.put('c', { frame: state(1), type: 'REALTIME' }, 9);
    outbox.pump(10);
    expect(wire.sent).toEqual([
      '{"c":1,"stream_type":"REALTIME"}',
      '{"c":2,"stream_type":"REALTIME"}',
      '{"v":1,"stream_type":"REALTIME"}',
    ]);
    expect(outbox.stuckMs(99_000)).toBe(0);
    rows = 2;
    outbox.pump(11);
    outbox.pump(12);
    expect(wire.sent.slice(3)).toEqual([
      '{"c":9,"stream_type":"REALTIME"}',
      '{"c":9,"stream_type":"SNAPSHOT"}',
    ]);
    expect(rows).toBe(0);
  });
});
