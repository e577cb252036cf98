import { z } from 'zod';
import type { Reply } from '../http/reply';
import { disturbingKind, type FaultKind } from './fault-kind';
import { htmlPage } from './status-faults';

/** A whole 200 whose body is not what it should be. */
export const BODY_FAULTS: readonly FaultKind[] = [
  disturbingKind({
    kind: 'garbage-json',
    about: 'the body stops being JSON half way; text: a body of your own',
    options: { text: z.string().max(100_000).optional() },
    make: ({ text }) => ({
      reply: (reply) => ({ ...reply, body: text ?? halfOf(reply.body) }),
    }),
  }),
  disturbingKind({
    kind: 'html-200',
    about: 'a web page of maintenance with status 200',
    options: {},
    make: () => ({ reply: () => MAINTENANCE }),
  }),
  disturbingKind({
    kind: 'empty-list',
    about: '200 and [] instead of rows',
    options: {},
    make: () => ({ reply: (reply) => (reply.status === 200 ? { ...reply, body: '[]' } : reply) }),
  }),
];

const MAINTENANCE: Reply = {
  status: 200,
  contentType: 'text/html;charset=UTF-8',
  body: htmlPage('Service maintenance in progress'),
};

function halfOf(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}
