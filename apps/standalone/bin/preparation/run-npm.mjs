import { spawn } from 'node:child_process';

const keptCharacters = 20_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs npm with these arguments and resolves when it succeeded. Its output is shown only when it failed, ahead of
 * `onFailure`. A signal that arrives meanwhile ends npm first, then this process.
 */
export async function runNpm(args, { cwd, onFailure }) {
  const child = spawnNpm(args, cwd);
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-keptCharacters);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const stopped = stopOnSignal(child);
  const code = await exitCodeOf(child);
  if (stopped()) process.exit(130);
  if (code === 0) return;
  throw new Error(`${output.trim()}\n\n${onFailure} (npm ${args.join(' ')}: exit code ${code})`);
}

// The npm that runs us is the npm to run; without one (node bin/start.mjs by hand) it is the one on the PATH.
function spawnNpm(args, cwd) {
  const running = process.env.npm_execpath;
  const stdio = ['ignore', 'pipe', 'pipe'];
  return running?.endsWith('.js')
    ? spawn(process.execPath, [running, ...args], { cwd, stdio })
    : spawn('npm', args, { cwd, stdio });
}

function stopOnSignal(child) {
  let stopped = false;
  const stop = () => {
    stopped = true;
    child.kill('SIGTERM');
  };
  for (const signal of signals) process.on(signal, stop);
  child.once('close', () => {
    for (const signal of signals) process.off(signal, stop);
  });
  return () => stopped;
}

function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`npm could not be started (${error.message}). Is it on the PATH?`));
    });
    child.once('close', (code) => resolve(code));
  });
}
