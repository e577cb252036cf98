import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { clearInterval, setInterval } from 'node:timers';
import { projectFolder } from './preparation/prepare.mjs';

const parentPollMs = 250;

/**
 * Runs a compiled supervisor and resolves to the exit code for this process.
 *
 * The supervisor gets a process group of its own, so that a Ctrl-C, which the terminal sends to npm and to us and npm may
 * send to us again, reaches it exactly once, from here. It holds an IPC channel to us: if we are killed without a chance
 * to say so, the channel closes and it stops everything in order by itself.
 */
export async function runSupervisor({ script, args, env = {}, started = () => undefined }) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  if (child.pid !== undefined) started(child.pid);
  const stop = once(() => child.kill('SIGTERM'));
  // A closed terminal (SIGHUP) is an ordinary request to stop.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  const stopWatching = watchNpm(stop);
  try {
    return await exitCodeOf(child, script);
  } finally {
    stopWatching();
    for (const signal of signals) process.off(signal, stop);
  }
}

/**
 * npm passes a SIGTERM on to the shell that runs its script, and the shell dies of it without telling us. That our parent
 * has changed is then the only sign. Started by hand, we may well outlive the shell.
 */
function watchNpm(stop) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) stop();
  }, parentPollMs);
  return () => clearInterval(timer);
}

function once(action) {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

function exitCodeOf(child, script) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`${script} could not be started: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      if (signal === null) return resolve(code);
      console.error(
        `The supervisor (${script}) was ended by ${signal}. What it had started stops by itself, ` +
          'or is taken over by the next start: run the same command again.',
      );
      resolve(128 + constants.signals[signal]);
    });
  });
}
