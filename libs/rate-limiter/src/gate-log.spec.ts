import type { Logger } from '@candlekeep/telemetry';
import { GateLog } from './gate-log';

describe('the log of what stops the calls', () => {
  let lines: string[];
  let gates: GateLog;

  beforeEach(() => {
    lines = [];
    const note =
      (level: string) =>
      (message: string, fields = {}): void => {
        lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
      };
    const log: Logger = {
      ...{ debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    };
    gates = new GateLog(log, 'egress "seoul", group candles');
  });

  it('tells once when a stop begins, why and for how long, and once when it ends', () => {
    gates.ended('banned', 60_000, 1_000);
    gates.stopped('banned', 59_000, 2_000);
    gates.granted(61_000);
    gates.granted(61_100);
    expect(lines).toEqual([
      'warn the exchange is not asked (egress "seoul", group candles): it blocks this egress (418) {"reason":"banned","forAtLeastMs":60000}',
      'info the exchange is asked again (egress "seoul", group candles) {"reason":"banned","stoppedMs":60000}',
    ]);
  });

  it('says nothing of others who use the budget, nor of endings that stop nothing', () => {
    gates.stopped('busy', 500, 0);
    gates.ended('failed', 0, 0);
    gates.ended('answered', 0, 0);
    gates.granted(10);
    expect(lines).toEqual([]);
  });

  it('tells when one reason takes the place of another, and is calm about a start', () => {
    gates.stopped('memory-lost', 1_000, 0);
    gates.stopped('unavailable', 500, 500);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['info', 'warn']);
  });
});
