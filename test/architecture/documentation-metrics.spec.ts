import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { METERED_PROCESSES, type MetricDeclaration, METRICS } from '@candlekeep/telemetry';
import { writesReference } from '../support/documentation/writes-reference';

const PAGE = path.resolve(__dirname, '..', '..', 'docs', 'METRICS.md');
const metrics: readonly MetricDeclaration[] = Object.values(METRICS);

describe('docs/METRICS.md', () => {
  const head = '| metric | kind | labels | means |\n| --- | --- | --- | --- |';
  const page = () => readFileSync(PAGE, 'utf8');

  if (writesReference()) {
    const [introduction = ''] = page().split('\n## ');
    const sections = ways().map(
      ({ title, rows }) => `## ${title}\n\n${head}\n${rows.join('\n')}\n`,
    );
    writeFileSync(PAGE, [introduction, ...sections].join('\n'));
  }

  it('has every metric in the words of its declaration (npm run reference writes them)', () => {
    const [, ...sections] = page().split('\n## ');
    const shown = sections.map((section) => ({
      title: section.split('\n')[0],
      rows: section
        .split('\n')
        .filter((line) => line.startsWith('| `'))
        .map((line) => line.replace(/ +/g, ' ')),
    }));
    expect(shown).toEqual(ways());
  });
});

/** The metrics by who tells them. */
function ways() {
  const every = METERED_PROCESSES.length;
  const groups = new Map(
    metrics.map(({ on }) => [on.length === every ? 'Every process' : on.join(', '), on]),
  );
  return [...groups].map(([title, on]) => ({
    title,
    rows: metrics.filter((metric) => metric.on.join() === on.join()).map(rowOf),
  }));
}

function rowOf({ name, kind, labels, help }: MetricDeclaration): string {
  const shownLabels = labels.length === 0 ? '–' : labels.map((label) => `\`${label}\``).join(', ');
  return `| \`${name}\` | ${kind} | ${shownLabels} | ${help.replaceAll('*', '\\*')} |`;
}
