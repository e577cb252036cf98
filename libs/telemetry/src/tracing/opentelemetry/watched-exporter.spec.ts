import { InMemorySpanExporter, type SpanExporter } from '@opentelemetry/sdk-trace-node';
import { type Logger, silentLogger } from '../../logger';
import { WatchedExporter } from './watched-exporter';

describe('a watched exporter', () => {
  let lines: string[];
  let isAway: boolean;
  let exporter: WatchedExporter;

  beforeEach(async () => {
    lines = [];
    const log: Logger = {
      ...silentLogger,
      warn: (message) => lines.push(`warn ${message}`),
      info: (message, { lostSpans } = {}) =>
        lines.push(`info ${message}, ${String(lostSpans)} lost`),
    };
    const arriving = new InMemorySpanExporter();
    const failing = new InMemorySpanExporter();
    await failing.shutdown();
    const sender: SpanExporter = {
      export: (spans, told) => {
        (isAway ? failing : arriving).export(spans, told);
      },
      shutdown: () => Promise.resolve(),
    };
    exporter = new WatchedExporter(sender, { collector: 'collector:4318', log });
  });

  const send = async (fate: 'arrives' | 'is lost'): Promise<void> => {
    isAway = fate === 'is lost';
    await new Promise<void>((resolve) => {
      exporter.export([], () => {
        resolve();
      });
    });
  };

  it('says nothing while spans arrive', async () => {
    await send('arrives');
    expect(lines).toEqual([]);
  });

  it('says once that they do not arrive and why, and once that they do again', async () => {
    for (const fate of ['is lost', 'is lost', 'arrives', 'arrives'] as const) await send(fate);
    expect(lines).toEqual([
      expect.stringMatching(/^warn traces do not reach collector:4318 \(.*stopped\)/),
      'info traces reach collector:4318 again, 0 lost',
    ]);
  });
});
