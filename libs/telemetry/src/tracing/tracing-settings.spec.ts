import { z } from 'zod';
import { tracingVariables } from './tracing-settings';

const schema = z.object(tracingVariables('worker'));
const complaint = (given: Record<string, string>): string =>
  schema
    .safeParse(given)
    .error?.issues.map(({ message }) => message)
    .join() ?? 'none';

describe('the settings of tracing', () => {
  it('name no collector, the process itself, and all traces unless told otherwise', () => {
    expect(schema.parse({})).toEqual({
      OTEL_SERVICE_NAME: 'candlekeep-worker',
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  it.each([
    ['0', 0],
    ['1', 1],
    ['1.0', 1],
    ['0.25', 0.25],
    ['.5', 0.5],
  ])('take "%s" as the share %d of traces', (text, share) => {
    const { OTEL_TRACES_SAMPLER_ARG } = schema.parse({ OTEL_TRACES_SAMPLER_ARG: text });
    expect(OTEL_TRACES_SAMPLER_ARG).toBe(share);
  });

  it.each(['2', '1.5', '-0.1', '10%', '0x1', ' 1', 'all'])('refuse "%s" as a share', (text) => {
    expect(complaint({ OTEL_TRACES_SAMPLER_ARG: text })).toContain('from 0 to 1, such as 0.1');
  });

  it.each(['127.0.0.1:4318', 'grpc://127.0.0.1:4317', 'on'])(
    'refuse "%s" as a collector, and say what would be right',
    (text) => {
      const said = complaint({ OTEL_EXPORTER_OTLP_ENDPOINT: text });
      expect(said).toContain('such as http://127.0.0.1:4318');
    },
  );
});
