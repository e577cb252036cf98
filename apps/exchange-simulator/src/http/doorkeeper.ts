import type { IncomingMessage } from 'node:http';
import type { Disturbance } from '../faults/disturbance';
import type { FaultPlan } from '../faults/fault-plan';
import type { Witness } from '../witness/witness';
import type { Block, Blocks } from './blocks';
import { spentText, type CallLimits, type LimitGroup } from './call-limits';
import { blockedReply, REFUSALS, type Reply } from './reply';
import { findRoute, groupOf, type Route } from './route';

/** A call after all who may refuse it have judged it. */
export type Verdict =
  | { readonly kind: 'no-route' }
  | { readonly kind: 'refused'; readonly reply: Reply; readonly remaining: string }
  | {
      readonly kind: 'admitted';
      readonly route: Route;
      readonly remaining: string;
      /** A fault that strikes the answer. */
      readonly disturbance: Disturbance | undefined;
    };

/** A call as it arrived. */
export interface Call {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
  /** On a clock that never goes back. */
  readonly atMs: number;
}

/** Who is asked about a call. */
interface Judges {
  readonly limits: CallLimits;
  readonly witness: Witness;
  readonly blocks: Blocks;
  readonly faults: FaultPlan;
}

/** Judges each call on receipt: first a block, then the limit, then faults. The witness sees all of them. */
export class Doorkeeper {
  constructor(private readonly judges: Judges) {}

  judge(call: Call): Verdict {
    const { headers, url = '/', method = '', socket } = call.request;
    const address = socket.remoteAddress ?? 'unknown';
    const route = ['GET', 'HEAD'].includes(method) ? findRoute(call.path) : undefined;
    const block = this.judges.blocks.find(address, call.atMs);
    const seen = { address, url, atMs: call.atMs, headers, blockedForMs: block?.leftMs };
    if (route === undefined) {
      this.judges.witness.see({ ...seen, group: 'none', isRejected: false });
      return { kind: 'no-route' };
    }
    const group = headers.origin === undefined ? groupOf(route) : 'origin';
    const asked: Asked = { call, address, route, group };
    const verdict = block === undefined ? this.admit(asked) : blocked(block, group);
    const isRejected = verdict.kind === 'refused';
    this.judges.witness.see({ ...seen, group, isRejected });
    return verdict;
  }

  /** Beyond the limit is refused; within it, a fault may strike. */
  private admit({ call, address, route, group }: Asked): Verdict {
    const { limits, blocks, faults } = this.judges;
    const { path, query, atMs } = call;
    const { isAdmitted, remaining } = limits.admit(address, group, atMs);
    const effect = isAdmitted ? faults.strike({ group, path, query }) : { kind: 'refuse' as const };
    switch (effect?.kind) {
      case 'refuse':
        blocks.noteRefusal(address, atMs);
        return { kind: 'refused', reply: REFUSALS.overLimit, remaining: spentText(group) };
      case 'block':
        return blocked(blocks.begin(address, effect.order, atMs), group);
      case 'disturb':
        return { kind: 'admitted', route, remaining, disturbance: effect.disturbance };
      case undefined:
        return { kind: 'admitted', route, remaining, disturbance: undefined };
    }
  }
}

/** A call to one of the exchange's routes. */
interface Asked {
  readonly call: Call;
  readonly address: string;
  readonly route: Route;
  readonly group: LimitGroup;
}

function blocked({ leftMs, form }: Block, group: LimitGroup): Verdict {
  return { kind: 'refused', reply: blockedReply(leftMs, form), remaining: spentText(group) };
}
