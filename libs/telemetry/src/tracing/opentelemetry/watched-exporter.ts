import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Logger } from '../../logger';

type Export = SpanExporter['export'];
type Told = Parameters<Parameters<Export>[1]>[0];

const EFFECT = 'until they do they are lost, and nothing else is touched';

/** Sends spans, and says once that they do not arrive and once that they do again. */
export class WatchedExporter implements SpanExporter {
  private isAway = false;
  /** Spans since then. */
  private lost = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly parts: {
      /** Host and port, for people. */
      readonly collector: string;
      readonly log: Logger;
    },
  ) {}

  export(...[spans, told]: Parameters<Export>): void {
    this.exporter.export(spans, (result) => {
      this.note(result, spans.length);
      told(result);
    });
  }

  async shutdown(): Promise<void> {
    await this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  private note({ error }: Told, count: number): void {
    const { collector, log } = this.parts;
    if (error !== undefined) {
      const reason = error.message === '' ? error.name : error.message;
      if (!this.isAway) log.warn(`traces do not reach ${collector} (${reason}): ${EFFECT}`);
      this.isAway = true;
      this.lost += count;
      return;
    }
    if (!this.isAway) return;
    log.info(`traces reach ${collector} again`, { lostSpans: this.lost });
    this.isAway = false;
    this.lost = 0;
  }
}
