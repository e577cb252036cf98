import { ManualClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import { ProcessPhase } from './process-phase';
import { PartAway, requireParts } from './require-part';

const failing = (message: string, more: object = {}) => Object.assign(new Error(message), more);
const AWAY = failing('connect ECONNREFUSED 10.0.0.1:5432', { code: 'ECONNREFUSED' });

describe('a server that a process needs', () => {
  const clock = new ManualClock();
  const seen: string[] = [];
  const log = { ...silentLogger, warn: (line: string) => seen.push(line) };

  /** Lets time pass until it is known whether all answered, and when. */
  const wait = async (answers: Readonly<Record<string, () => Promise<unknown>>>) => {
    seen.length = 0;
    const phase = new ProcessPhase();
    const fromMs = clock.monotonicMs();
    const reasons: string[] = [];
    let outcome: string | undefined;
    void requireParts(answers, { clock, phase, log }).then(
      () => (outcome = 'all there'),
      (error: unknown) => {
        expect(error).toBeInstanceOf(PartAway);
        outcome = error instanceof Error ? error.message : '';
      },
    );
    while (outcome === undefined) {
      await clock.advance(50);
      reasons.push(...phase.reasons);
    }
    const told = [...new Set(reasons)];
    return { outcome, told, afterMs: clock.monotonicMs() - fromMs, phase };
  };

  it('is waited for when it is away, and that is said once in the log and all the while in the health', async () => {
    let tries = 0;
    const comes = () => (++tries < 20 ? Promise.reject(AWAY) : Promise.resolve());
    const { outcome, told, phase } = await wait({ DATABASE_URL: comes });
    expect([outcome, tries]).toEqual(['all there', 20]);
    expect(told).toEqual(['connecting', `DATABASE_URL: ${AWAY.message}`]);
    expect(phase.reasons).toEqual(['connecting']);
    expect(seen).toEqual([
      `waits at most 15000 ms for the server of DATABASE_URL: ${AWAY.message}`,
    ]);
  });

  it.each([
    ['refuses connections', () => Promise.reject(AWAY), AWAY.message],
    ['says nothing', () => new Promise(() => undefined), 'no answer within 15000 ms'],
    [
      'has addresses that all refuse',
      () => Promise.reject(failing('', { code: 'EHOSTDOWN' })),
      'EHOSTDOWN',
    ],
    ['still starts', () => Promise.reject(failing('it starts', { code: '57P03' })), 'it starts'],
  ])(
    'is given up after 15 s by the name of its variable: one that %s',
    async (_, answer, reason) => {
      const { outcome, afterMs } = await wait({
        REDIS_URL: () => Promise.resolve(),
        DATABASE_URL: answer,
      });
      expect(outcome).toContain(`the server of DATABASE_URL cannot be used: ${reason}. Is it`);
      expect(afterMs).toBeGreaterThanOrEqual(15_000);
      expect(afterMs).toBeLessThan(15_500);
    },
  );

  it.each([
    ['a wrong password of Postgres', failing('password authentication failed', { code: '28P01' })],
    ['a database that there is not', failing('no such database', { code: '3D000' })],
    ['a wrong password of Redis', failing('WRONGPASS invalid', { name: 'ReplyError' })],
    ['what is not retryable', failing('database 64', { retryable: false })],
  ])('is not waited for when it has said no for good: %s', async (_, error) => {
    const { outcome, afterMs } = await wait({ REDIS_URL: () => Promise.reject(error) });
    expect(outcome).toContain(`the server of REDIS_URL cannot be used: ${error.message}`);
    expect(afterMs).toBeLessThanOrEqual(50);
  });
});
