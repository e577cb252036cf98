import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { copiedFromContext, readStages, type Stage } from './dockerfile';

const ROOT = path.resolve(__dirname, '..', '..');
const stages = readStages(readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8'));
const run = stages.at(-1);

function wordsOf(stage: Stage | undefined, wanted: string): string[] {
  const instructions = stage?.instructions ?? [];
  return instructions.filter(({ word }) => word === wanted).map(({ rest }) => rest);
}

describe('Dockerfile', () => {
  it('builds in stages, the last of which only runs', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', 'packages', 'run']);
    expect(wordsOf(run, 'RUN')).toEqual([]);
  });

  it('uses one pinned Node, 20.19 or newer', () => {
    const [base, ...others] = new Set(stages.map((stage) => stage.base));
    expect(others).toEqual([]);
    const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-/.exec(base ?? '') ?? [];
    expect(Number(major) * 1_000 + Number(minor)).toBeGreaterThanOrEqual(20_019);
  });

  it('runs as a numbered user that is not root, and hands nothing over to it', () => {
    expect(wordsOf(run, 'USER')).toEqual(['1000:1000']);
    expect(wordsOf(run, 'COPY').filter((rest) => rest.includes('--chown'))).toEqual([]);
  });

  it('gives the build what it needs', () => {
    const needed = [
      'package.json',
      'package-lock.json',
      '.npmrc',
      'tsconfig.json',
      'nest-cli.json',
    ];
    const build = stages.find(({ name }) => name === 'build');
    expect(build && copiedFromContext(build)).toEqual([...needed, 'libs', 'apps']);
    expect(wordsOf(build, 'RUN')).toEqual(['npm ci --omit=optional', 'npm run build']);
  });

  it('leaves build tools and embedded servers out of what runs', () => {
    const packages = stages.find(({ name }) => name === 'packages');
    expect(wordsOf(packages, 'RUN')).toEqual(['npm ci --omit=dev --omit=optional']);
    expect(wordsOf(run, 'COPY')).toContain('--from=packages /candlekeep/node_modules node_modules');
    expect(wordsOf(run, 'COPY')).toContain('--from=build /candlekeep/dist dist');
  });

  it('copies only what exists and what .dockerignore lets in', () => {
    const ignore = readFileSync(path.join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignore).toContain('*');
    const copied = new Set(stages.flatMap((stage) => copiedFromContext(stage)));
    for (const source of copied) {
      expect([source, existsSync(path.join(ROOT, source))]).toEqual([source, true]);
      expect(ignore).toContain(`!${source.split('/')[0] ?? ''}`);
    }
  });
});
