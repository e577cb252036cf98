import { streamFault, type StreamFaultKind, type StreamFaults } from '../stream/stream-faults';
import type { FaultKind } from './fault-kind';

const ABOUT: Readonly<Record<StreamFaultKind, string>> = {
  'stream-silent': 'streams stay open and answer pings, but tell nothing; codes, types (all)',
  'stream-drop': 'every oneIn-th frame of each stream never comes; codes, types (all)',
  'stream-duplicate': 'every oneIn-th frame of each stream comes twice; codes, types (all)',
  'stream-reorder':
    'every oneIn-th frame of each stream comes after the next behind others; codes, types (all)',
  'stream-late': 'frames come byMs late, in their order',
  'stream-half-open': 'nothing leaves any stream any more, not even a pong or a close',
  'stream-cut': 'cuts every stream once, without a close frame; new ones may come',
};

/** The stream's faults under the control door. They last, and strike no single calls; a second one of a kind changes the first. */
export function streamKinds(stream: StreamFaults): FaultKind[] {
  return streamFault.options.map((schema) => {
    const kind = schema.shape.kind.value;
    return {
      kind,
      about: ABOUT[kind],
      effectOf: (options) => {
        const fault = schema.strict().parse({ ...Object(options), kind });
        let end: (() => void) | undefined;
        return {
          kind: 'last',
          begin: () => {
            end = stream.begin(fault);
          },
          end: () => {
            end?.();
          },
        };
      },
    };
  });
}
