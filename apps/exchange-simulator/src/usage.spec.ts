import { faultKinds } from './faults/fault-kinds';
import { Blocks } from './http/blocks';
import { StreamFaults } from './stream/stream-faults';
import { usageText } from './usage';

describe('the usage text', () => {
  const kinds = faultKinds({ blocks: new Blocks(), streamFaults: new StreamFaults() });
  const text = usageText(kinds);

  it('names every variable, every path of the control door and every kind of fault', () => {
    const variables = [
      'HOST',
      'PORT',
      'CONTROL_PORT',
      'LATENCY_MS',
      'LATENCY_PROFILE',
      'TIME_OFFSET_MS',
    ];
    for (const word of [...variables, '/calls', '/faults', '/latency', '/markets']) {
      expect(text).toContain(word);
    }
    for (const { kind, about } of kinds) {
      expect(text).toMatch(new RegExp(`^  ${kind} +\\S`, 'm'));
      expect(about).not.toBe('');
    }
  });

  it('has a kind once', () => {
    const names = kinds.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
  });
});
