import { z } from 'zod';
import { withoutHeader, type Message } from '../http/message';
import { disturbingKind, type FaultKind } from './fault-kind';

const DAY_MS = 86_400_000;

/** The exchange's clock cannot be read, or is wrong. */
export const HEADER_FAULTS: readonly FaultKind[] = [
  disturbingKind({
    kind: 'no-date',
    about: 'no Date header',
    options: {},
    make: () => ({ message: (message) => withoutHeader(message, 'Date') }),
  }),
  disturbingKind({
    kind: 'skewed-date',
    about: 'Date is off; byMs (60000, negative: behind)',
    options: { byMs: z.number().int().min(-DAY_MS).max(DAY_MS).default(60_000) },
    make: ({ byMs }) => ({ message: (message) => withDateOff(message, byMs) }),
  }),
];

function withDateOff(message: Message, byMs: number): Message {
  const date = new Date(Date.parse(String(message.headers.Date)) + byMs).toUTCString();
  return { ...message, headers: { ...message.headers, Date: date } };
}
