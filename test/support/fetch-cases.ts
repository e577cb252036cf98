import type { MarketCode } from '@candlekeep/market';
import { Died } from './steps';
import { FetchRig, type RigJob, type Tiers } from './fetch-rig';

const OLD = '61881.00000000';
const NEW = '7.00000000';

/** What fetching and folding promise on any tiers, however they are disturbed. `freshMarket` is used by nobody else. */
export function itKeepsTheTiersTrue(tiersOf: () => Tiers, freshMarket: () => MarketCode): void {
  const newRig = (): FetchRig => new FetchRig(tiersOf(), freshMarket());

  /** Minutes 400 to 600 and their folds are known in both tiers; then the exchange shows minute 550 otherwise. */
  const rigBeforeCorrection = async (): Promise<FetchRig> => {
    const rig = newRig();
    await rig.run(rig.page(600));
    await rig.run(rig.fold(1_000));
    await rig.tiers.pass();
    rig.exchange.rewrite(rig.at(550), NEW);
    rig.steps.restart();
    return rig;
  };

  const volumeAt = async (rig: FetchRig, minute: number, timeframe = '1m') => {
    const { rows } = await rig.stored(timeframe);
    return rows.find((row) => row.minute === minute)?.volume;
  };

  describe('a page', () => {
    it('may end at any open, and is not asked for again', async () => {
      const rig = newRig();
      await rig.run(rig.page(637));
      expect(await rig.held('1m')).toEqual(await rig.stored('1m'));
      expect((await rig.stored('1m')).covered).toEqual([{ from: 437, until: 637 }]);
      const { calls } = rig.exchange;
      await rig.run(rig.page(637));
      expect(rig.exchange.calls).toBe(calls);
    });

    it('with a correction takes away what was folded, in both tiers', async () => {
      const rig = await rigBeforeCorrection();
      await rig.run(rig.page(700));
      expect(await volumeAt(rig, 550)).toBe(NEW);
      expect(await volumeAt(rig, 550, '5m')).toBeUndefined();
      expect(await volumeAt(rig, 545, '5m')).toBeDefined();
      expect((await rig.held('1m')).covered).toEqual([{ from: 500, until: 700 }]);
      await expectAgreement(rig);
    });

    it('leaves the same state, wherever it was killed and run again', async () => {
      await expectSameStateAfterCrashes(rigBeforeCorrection, (rig) => rig.page(700));
    });

    it('leaves the same state when it runs twice at once', async () => {
      const rig = await rigBeforeCorrection();
      await Promise.all([rig.runThrough(rig.page(700)), rig.runThrough(rig.page(700))]);
      expect(await volumeAt(rig, 550)).toBe(NEW);
      expect((await rig.stored('1m')).covered).toEqual([{ from: 400, until: 700 }]);
      await expectAgreement(rig);
    });

    it('that arrives late does not turn a row back', async () => {
      const rig = newRig();
      const late = rig.colleague();
      late.steps.after('ask 1m', async () => {
        rig.exchange.rewrite(rig.at(550), NEW);
        await rig.tiers.pass();
        await rig.run(rig.page(700));
      });
      await expect(late.run(late.page(600))).rejects.toMatchObject({ code: 'STALE_BASIS' });
      expect(await volumeAt(rig, 550)).toBe(NEW);
      await expectAgreement(rig);
    });

    it('that reaches L1 late brings nothing back', async () => {
      const rig = newRig();
      rig.steps.after('L2 save', async () => {
        rig.exchange.rewrite(rig.at(550), NEW);
        await rig.tiers.pass();
        await rig.colleague().run(rig.page(700));
      });
      await rig.run(rig.page(600));
      expect(await volumeAt(rig, 550)).toBe(NEW);
      await expectAgreement(rig);
    });

    it('that is newer wins, whichever is kept last', async () => {
      const rig = newRig();
      await rig.colleague().run(rig.page(600));
      expect(await volumeAt(rig, 550)).toBe(OLD);
      rig.exchange.rewrite(rig.at(550), NEW);
      await rig.tiers.pass();
      await rig.run(rig.page(700));
      expect(await volumeAt(rig, 550)).toBe(NEW);
      await expectAgreement(rig);
    });

    it('that was asked for before a purge is not kept, and is read anew', async () => {
      const rig = await rigBeforeCorrection();
      rig.steps.after('ask 1m', async () => {
        await rig.tiers.store.purge(rig.market);
      });
      await expect(rig.run(rig.page(700))).rejects.toMatchObject({ code: 'STALE_BASIS' });
      expect((await rig.stored('1m')).covered).toEqual([]);
      await rig.runThrough(rig.page(700));
      expect((await rig.stored('1m')).covered).toEqual([{ from: 500, until: 700 }]);
      expect((await rig.held('1m')).covered).toEqual([{ from: 500, until: 700 }]);
    });
  });

  describe('a fold', () => {
    it('knows each whole slot of its sources, and leaves the same state wherever it was killed', async () => {
      const prepare = async (): Promise<FetchRig> => {
        const rig = newRig();
        await rig.run(rig.page(603));
        rig.steps.restart();
        return rig;
      };
      const rig = await prepare();
      const { calls } = rig.exchange;
      await rig.run(rig.fold(1_000));
      expect((await rig.stored('5m')).covered).toEqual([{ from: 405, until: 600 }]);
      expect(await volumeAt(rig, 550, '5m')).toBe('309405.00000000');
      expect(await rig.held('5m')).toEqual(await rig.stored('5m'));
      expect(rig.exchange.calls).toBe(calls);
      await expectSameStateAfterCrashes(prepare, (fresh) => fresh.fold(1_000));
    });

    it.each(['L2 coverages', 'L2 stream'])(
      'made while a source is corrected, after %s, is not kept',
      async (step) => {
        const rig = newRig();
        await rig.run(rig.page(600));
        await rig.tiers.pass();
        rig.steps.after(step, async () => {
          rig.exchange.rewrite(rig.at(550), NEW);
          await rig.colleague().run(rig.page(700));
        });
        await expect(rig.run(rig.fold(1_000))).rejects.toMatchObject({ code: 'STALE_BASIS' });
        await rig.runThrough(rig.fold(1_000));
        expect(await volumeAt(rig, 550, '5m')).toBe('247531.00000000');
        expect((await rig.stored('5m')).covered).toEqual([{ from: 400, until: 700 }]);
        await expectAgreement(rig);
      },
    );

    it('that reaches L1 late brings nothing back', async () => {
      const rig = newRig();
      await rig.run(rig.page(600));
      rig.steps.after('L2 save fold', async () => {
        rig.exchange.rewrite(rig.at(550), NEW);
        await rig.tiers.pass();
        await rig.colleague().run(rig.page(700));
      });
      await rig.run(rig.fold(1_000));
      expect(await volumeAt(rig, 550, '5m')).toBeUndefined();
      await expectAgreement(rig);
    });

    it('gives way to the exchange’s own row', async () => {
      const rig = await rigBeforeCorrection();
      await rig.run(rig.page(700, '5m'));
      expect(await volumeAt(rig, 550, '5m')).toBe('301881.00000000');
      await rig.run(rig.fold(1_000));
      expect(await volumeAt(rig, 550, '5m')).toBe('301881.00000000');
      await expectAgreement(rig);
    });

    it('knows that there is nothing before the first trade', async () => {
      const rig = newRig();
      await rig.run(rig.page(100));
      await rig.run(rig.fold(1_000));
      expect((await rig.stored('5m')).covered).toEqual([{ from: -Infinity, until: 100 }]);
      expect(await rig.held('5m')).toEqual(await rig.stored('5m'));
    });

    it('comes to nothing without a source', async () => {
      const rig = newRig();
      await rig.run(rig.fold(1_000));
      expect(await rig.stored('5m')).toEqual({ rows: [], covered: [] });
      expect(rig.exchange.calls).toBe(0);
    });
  });

  it('hears of a correction whose job died before L1 was told and never ran again', async () => {
    const rig = await rigBeforeCorrection();
    rig.steps.after('L2 save', () => Promise.reject(new Died('died')));
    await expect(rig.run(rig.page(700))).rejects.toThrow('died');
    expect(await rig.contradictions('1m')).not.toEqual([]);
    expect(await rig.contradictions('5m')).not.toEqual([]);
    await rig.news.tellAll();
    await expectAgreement(rig);
  });
}

const STATE = ['1m', '5m'];

async function expectAgreement(rig: FetchRig): Promise<void> {
  for (const timeframe of STATE) expect(await rig.contradictions(timeframe)).toEqual([]);
}

/** Kills the job before and after each of its steps, runs it again, and compares with a run that nothing disturbed. */
async function expectSameStateAfterCrashes(
  prepare: () => Promise<FetchRig>,
  job: (rig: FetchRig) => RigJob,
): Promise<void> {
  const stateOf = (rig: FetchRig) => Promise.all(STATE.map((timeframe) => rig.stored(timeframe)));
  const calm = await prepare();
  await calm.run(job(calm));
  const expected = await stateOf(calm);
  const { length } = calm.steps.story;
  expect(length).toBeGreaterThan(5);
  for (let crash = 0; crash < 2 * length; crash += 1) {
    const rig = await prepare();
    rig.steps.dieAt(Math.floor(crash / 2), crash % 2 === 1);
    await expect(rig.run(job(rig))).rejects.toThrow('died');
    rig.steps.restart();
    await rig.runThrough(job(rig));
    expect(await stateOf(rig)).toEqual(expected);
    await expectAgreement(rig);
  }
}
