import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Clock } from '@candlekeep/clock';
import { z } from 'zod';
import { isGoneWithin, killProcess } from './end-process';
import { ProcessStamp, isRunning, processStampSchema } from './process-stamp';

const recordSchema = z.array(z.object({ name: z.string(), stamp: processStampSchema }));
type Entry = Readonly<z.infer<typeof recordSchema>[number]>;

// A child whose supervisor was killed stops by itself within its own deadline (15 s).
const goByThemselvesMs = 20_000;

/** The processes of this run, in a file, so that a run after a `kill -9` knows whom its predecessor left behind. */
export class RunRecord {
  private entries: readonly Entry[] = [];

  constructor(
    private readonly file: string,
    private readonly clock: Clock,
  ) {}

  async add(name: string, stamp: ProcessStamp): Promise<void> {
    this.entries = [...this.entries, { name, stamp }];
    await writeFile(`${this.file}.new`, JSON.stringify(this.entries));
    await rename(`${this.file}.new`, this.file);
  }

  async clear(): Promise<void> {
    this.entries = [];
    await rm(this.file, { force: true });
  }

  /**
   * Ends what an earlier run left behind: waits while it stops by itself, then kills. `onWait` is called with each name
   * that must be waited for.
   */
  async endSurvivors(onWait: (name: string) => void): Promise<void> {
    for (const { name, stamp } of await this.read()) {
      if (!(await isRunning(stamp))) continue;
      onWait(name);
      if (!(await isGoneWithin(stamp, goByThemselvesMs, this.clock))) {
        await killProcess(stamp, this.clock);
      }
    }
    await this.clear();
  }

  private async read(): Promise<readonly Entry[]> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(this.file, 'utf8')));
    } catch {
      // No record, or one cut short by a crash: then there is nothing to know from it.
      return [];
    }
  }
}
