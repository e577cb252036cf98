import { ManualClock } from '@candlekeep/clock';
import { silentLogger } from '../logger';
import { currentTraceId, failSpan, inSpan } from './current-tracer';
import { Tracing } from './tracing';

describe('tracing without a collector', () => {
  it('is nothing: work is done as it is, and is part of no trace', async () => {
    const tracing = await Tracing.open({
      settings: { OTEL_SERVICE_NAME: 'candlekeep-gateway', OTEL_TRACES_SAMPLER_ARG: 1 },
      ...{ version: '1.0.0', clock: new ManualClock(), log: silentLogger },
    });
    const done = await inSpan({ name: 'read L1' }, (span) => {
      span.tell({ rows: 200 });
      span.fail('429');
      failSpan('429');
      return Promise.resolve(currentTraceId());
    });
    expect([tracing.tracer, tracing.jobs, done]).toEqual([undefined, {}, undefined]);
    await tracing.close();
  });
});
