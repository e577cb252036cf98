import type { Blocks } from '../http/blocks';
import type { StreamFaults } from '../stream/stream-faults';
import { BODY_FAULTS } from './body-faults';
import { CONNECTION_FAULTS } from './connection-faults';
import type { FaultKind } from './fault-kind';
import { HEADER_FAULTS } from './header-faults';
import { limitFaults } from './limit-faults';
import { ROW_FAULTS } from './row-faults';
import { STATUS_FAULTS } from './status-faults';
import { streamKinds } from './stream-kinds';

/** What faults act on besides single answers. */
export interface FaultTargets {
  readonly blocks: Blocks;
  readonly streamFaults: StreamFaults;
}

/** Every kind of fault, by family. */
export function faultKinds({ blocks, streamFaults }: FaultTargets): FaultKind[] {
  return [
    ...STATUS_FAULTS,
    ...CONNECTION_FAULTS,
    ...BODY_FAULTS,
    ...ROW_FAULTS,
    ...HEADER_FAULTS,
    ...limitFaults(blocks),
    ...streamKinds(streamFaults),
  ];
}
