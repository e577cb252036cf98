import { z } from 'zod';
import type { Blocks } from '../http/blocks';
import { faultKind, type FaultKind } from './fault-kind';

const block = {
  blockMs: z.number().int().min(1).max(86_400_000).default(60_000),
  form: z.enum(['text', 'json', 'header', 'unstated']).default('text'),
};

/** The exchange's patience ends, with or without a reason. */
export function limitFaults(blocks: Blocks): FaultKind[] {
  return [
    faultKind({
      kind: 'rate-limited',
      about: '429, as if the group’s second were used up',
      options: {},
      make: () => ({ kind: 'refuse' }),
    }),
    faultKind({
      kind: 'banned',
      about:
        '418 to the address of the call for blockMs (60000), twice as long at each repeat (times: 1 is one block); form of the stated time: "text" | "json" | "header" | "unstated" (text)',
      options: block,
      make: (order) => ({ kind: 'block', order }),
    }),
    faultKind({
      kind: 'escalation',
      about:
        'blocks as "banned" does whoever earns after (5) times 429 within withinMs (10000); blockMs, form as above',
      options: {
        ...block,
        after: z.number().int().min(1).max(1_000).default(5),
        withinMs: z.number().int().min(1).max(3_600_000).default(10_000),
      },
      make: (escalation) => ({
        kind: 'last',
        begin: () => {
          blocks.escalate(escalation);
        },
        end: () => {
          blocks.escalate(undefined);
        },
      }),
    }),
  ];
}
