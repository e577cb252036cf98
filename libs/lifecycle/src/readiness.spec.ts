import { ProcessPhase } from './process-phase';
import { readBuild } from './build-info';
import { readinessOf } from './readiness';

describe('readiness', () => {
  const phase = new ProcessPhase();
  const self = { phase, build: readBuild('7e38f28'), startedAtMs: 0 };
  const fine = { REDIS_URL: () => Promise.resolve() };

  it('is refused until the process serves, with the phase as the reason', async () => {
    phase.enter('migrating');
    const { status, reasons, build } = await readinessOf({ ...self, checks: fine });
    expect({ status, reasons }).toEqual({ status: 'unavailable', reasons: ['migrating'] });
    expect(build).toMatchObject({ commit: '7e38f28', startedAt: '1970-01-01T00:00:00.000Z' });
    expect(build.version).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('names each part that is away', async () => {
    phase.enter('serving');
    const away = () => Promise.reject(new Error('ECONNREFUSED'));
    const { reasons } = await readinessOf({ ...self, checks: { ...fine, DATABASE_URL: away } });
    expect(reasons).toEqual(['DATABASE_URL: ECONNREFUSED']);
  });

  it('never comes back to a process that drains', async () => {
    expect((await readinessOf({ ...self, checks: fine })).status).toBe('ok');
    phase.enter('draining');
    phase.enter('serving');
    expect((await readinessOf({ ...self, checks: fine })).reasons).toEqual(['draining']);
  });
});
