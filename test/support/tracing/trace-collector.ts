import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { waitFor } from '../app-process';
import { type HeardSpan, readToldSpans } from './told-spans';

/** A collector that takes OTLP over HTTP in its JSON form, and keeps what it hears. */
export class TraceCollector {
  readonly spans: HeardSpan[] = [];
  /** Headers of each message. */
  readonly messages: IncomingMessage['headers'][] = [];
  /** What could not be read. */
  readonly troubles: unknown[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceCollector> {
    const server = createServer((request, response) => {
      void collector.hear(request).finally(() => {
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    });
    const collector = new TraceCollector(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is to be. */
  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  }

  /** The spans of a trace, once one that `isLast` of it was heard of. */
  async trace(traceId: string, isLast: (span: HeardSpan) => boolean): Promise<HeardSpan[]> {
    await waitFor(() => {
      if (!this.of(traceId).some(isLast)) throw new Error(`${traceId} is not whole yet`);
    });
    return this.of(traceId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private of(traceId: string): HeardSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  private async hear(request: IncomingMessage): Promise<void> {
    try {
      this.messages.push(request.headers);
      const told = await text(request);
      if (request.url !== '/v1/traces') throw new Error(`asked for ${request.url ?? ''}`);
      this.spans.push(...readToldSpans(told));
    } catch (error) {
      this.troubles.push(error);
    }
  }
}
