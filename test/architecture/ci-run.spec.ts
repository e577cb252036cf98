import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const SCRIPT = path.resolve(__dirname, '..', '..', '.ci', 'run');

describe('.ci/run', () => {
  let project: string;

  beforeEach(() => {
    project = mkdtempSync(path.join(os.tmpdir(), 'candlekeep-ci-'));
    mkdirSync(path.join(project, '.ci'));
    copyFileSync(SCRIPT, path.join(project, '.ci', 'run'));
  });

  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  /** Runs the script with a program called `npm` that does this for each of its arguments' joined text. */
  function runWith(npm: Readonly<Record<string, string>>) {
    const cases = Object.entries(npm).map(([args, does]) => `'${args}') ${does} ;;`);
    const program = `#!/usr/bin/env bash\necho "npm $*" >>calls\ncase "$*" in ${cases.join('\n')} esac\n`;
    writeFileSync(path.join(project, 'npm'), program);
    chmodSync(path.join(project, 'npm'), 0o755);
    // HOME is left out on purpose: a build machine may have none.
    const env = { PATH: `${project}:/usr/local/bin:/usr/bin:/bin` };
    const { stdout, status } = spawnSync(path.join(project, '.ci', 'run'), {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    return { lastLine: stdout.trimEnd().split('\n').at(-1), status, stdout };
  }

  it('ends with the tests’ own count, and well, when all is well', () => {
    const run = runWith({ test: 'echo "12 passed, 0 failed"' });
    expect(run).toMatchObject({ lastLine: '12 passed, 0 failed', status: 0 });
    expect(run.stdout).toMatch(/== install: ok, \d+ s[^]*== tests: ok, \d+ s/);
  });

  it('counts each failed check as one failure, and still tests', () => {
    const run = runWith({
      'run lint': 'exit 1',
      'run types': 'exit 2',
      test: 'echo "12 passed, 0 failed"',
    });
    expect(run).toMatchObject({ lastLine: '12 passed, 2 failed', status: 1 });
    expect(run.stdout).toContain('== types: FAILED (exit code 2)');
  });

  it('adds failed checks to failed tests, and counts the tests once', () => {
    const run = runWith({
      'run format:check': 'exit 1',
      test: 'echo "9 passed, 3 failed"; exit 1',
    });
    expect(run).toMatchObject({ lastLine: '9 passed, 4 failed', status: 1 });
  });

  it('takes an exit code for a failure when the count shows none', () => {
    const run = runWith({ test: 'echo "12 passed, 0 failed"; exit 7' });
    expect(run).toMatchObject({ lastLine: '12 passed, 1 failed', status: 1 });
  });

  it('takes a run without a closing line for a failure', () => {
    const run = runWith({ test: 'echo "12 passed, 0 failed"; echo "and then it died"' });
    expect(run).toMatchObject({ lastLine: '0 passed, 1 failed', status: 1 });
  });

  it('stops at once when packages cannot be installed', () => {
    const run = runWith({ ci: 'echo "npm error" >&2; exit 1', test: 'echo "12 passed, 0 failed"' });
    expect(run).toMatchObject({ lastLine: '0 passed, 1 failed', status: 1 });
    expect(run.stdout).toContain('npm error');
    expect(run.stdout).not.toContain('== tests');
  });

  it('gives no step anything to read', () => {
    const run = runWith({ ci: 'read -r line && exit 1; true', test: 'echo "1 passed, 0 failed"' });
    expect(run).toMatchObject({ lastLine: '1 passed, 0 failed', status: 0 });
  });
});
