import type { Clock } from '@candlekeep/clock';
import { Count } from './count';
import { Distribution } from './distribution';
import type { MeteredProcess, MetricDeclaration } from './metric-declaration';
import {
  type CounterKey,
  type HistogramKey,
  type LabelsOf,
  type MetricKey,
  METRICS,
  type ReadKey,
} from './metric-table';
import { type Exposition, expose, type MetricSamples } from './exposition';

/** One value of a metric that is read when somebody looks. */
export interface Sample<Key extends MetricKey> {
  readonly labels: LabelsOf<Key>;
  readonly value: number;
}

type Reader = () => Promise<readonly LooseSample[]>;

interface LooseSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Kept<Child> {
  readonly key: MetricKey;
  readonly labels: LooseSample['labels'];
  readonly child: Child;
}

/** What a reader may take, ms. A scrape must tell what the process knows also while a server is away. */
const READ_WITHIN_MS = 1_000;

/** The metrics of one process: counted in memory where things happen, put into words when somebody looks. */
export class Metrics {
  private readonly counts = new Map<string, Kept<Count>>();
  private readonly sizes = new Map<string, Kept<Distribution>>();
  private readonly readers = new Map<MetricKey, Reader[]>();

  constructor(
    readonly process: MeteredProcess,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {}

  /** The counter with these labels, told as 0 from now on. Keep it: it is what is cheap to add to. */
  count<Key extends CounterKey>(key: Key, labels: LabelsOf<Key>): Count {
    const name = nameOf(key, labels);
    const known = this.counts.get(name);
    if (known !== undefined) return known.child;
    const child = new Count();
    this.counts.set(name, { key, labels, child });
    return child;
  }

  /** The histogram with these labels, told as empty from now on. Keep it, too. */
  sizesOf<Key extends HistogramKey>(key: Key, labels: LabelsOf<Key>): Distribution {
    const name = nameOf(key, labels);
    const known = this.sizes.get(name);
    if (known !== undefined) return known.child;
    const child = new Distribution(METRICS[key].bounds);
    this.sizes.set(name, { key, labels, child });
    return child;
  }

  /** Has a metric read at each look. A reader that rejects, or takes longer than 1 s, leaves its samples out and is counted. */
  read<Key extends ReadKey>(
    key: Key,
    reader: () => readonly Sample<Key>[] | Promise<readonly Sample<Key>[]>,
  ): void {
    const readers = this.readers.get(key) ?? [];
    this.readers.set(key, readers);
    readers.push(async () => await reader());
  }

  /** All of it, in the form that the `Accept` header asks for. */
  async expose(accept: string | undefined): Promise<Exposition> {
    const read = await Promise.all(
      [...this.readers].flatMap(([key, readers]) =>
        readers.map(async (reader) => ({ key, samples: await this.readInTime(key, reader) })),
      ),
    );
    const told = keysOf(this.process).map((key) => {
      const samples = read.filter((one) => one.key === key).flatMap((one) => one.samples);
      return this.told(key, samples);
    });
    return await expose(told, accept);
  }

  private told(key: MetricKey, read: readonly LooseSample[]): MetricSamples {
    const counts = [...this.counts.values()].filter((one) => one.key === key);
    const sizes = [...this.sizes.values()].filter((one) => one.key === key);
    const counted = counts.map(({ labels, child }) => ({ labels, value: child.value }));
    return {
      declaration: METRICS[key],
      samples: [...counted, ...read],
      distributions: sizes.map(({ labels, child }) => ({ labels, sizes: child })),
    };
  }

  private async readInTime(key: MetricKey, reader: Reader): Promise<readonly LooseSample[]> {
    const done = new AbortController();
    const late = this.clock.sleep(READ_WITHIN_MS, done.signal).then(() => {
      throw new Error('late');
    });
    try {
      return await Promise.race([reader(), late]);
    } catch {
      this.count('unreadMetrics', { metric: METRICS[key].name }).add();
      return [];
    } finally {
      late.catch(() => undefined);
      done.abort();
    }
  }
}

function keysOf(process: MeteredProcess): readonly MetricKey[] {
  const declared: readonly (readonly [string, MetricDeclaration])[] = Object.entries(METRICS);
  const isKey = (name: string): name is MetricKey => Object.hasOwn(METRICS, name);
  return declared
    .filter(([, { on }]) => on.includes(process))
    .map(([key]) => key)
    .filter(isKey);
}

function nameOf(key: MetricKey, labels: LooseSample['labels']): string {
  return JSON.stringify([key, ...METRICS[key].labels.map((label) => labels[label])]);
}
