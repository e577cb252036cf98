import { badRequest } from '../../api/api-refusal';

/** How far each series has been told, by its name: candles that open before this instant (epoch ms) were. */
export type Cursors = ReadonlyMap<string, number>;

const PART = /^([A-Z0-9-]+:\d+\w)=(\d{1,12})$/;

/** `KRW-BTC:1m=1795357740,KRW-ETH:15m=1795357500`: seconds, since every candle opens on one. */
export function eventId(cursors: Cursors): string {
  return [...cursors].map(([name, untilMs]) => `${name}=${untilMs / 1_000}`).join(',');
}

/** Reads what a client sends as `Last-Event-ID`; nothing for none. Throws an `ApiRefusal` for what is no id of ours. */
export function parseEventId(text: string | undefined): Cursors {
  if (text === undefined || text === '') return new Map();
  const cursors = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, seconds] = PART.exec(part) ?? [];
    if (name === undefined) throw unreadable();
    cursors.set(name, Number(seconds) * 1_000);
  }
  return cursors;
}

function unreadable() {
  const expected = 'expected the id of an event of this stream, or none to begin anew';
  return badRequest([{ field: 'Last-Event-ID', expected }]);
}
