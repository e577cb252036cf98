import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOf } from './process-stamp.mjs';

const pollMs = 200;
// Between mkdir and the owner's line, and during a takeover, a living process needs far less than this.
const unfinishedMs = 5_000;

/**
 * A lock between processes: a folder (mkdir succeeds for exactly one) with the owner's process in it.
 * A lock whose owner is dead is taken over, and only while a second folder, `<lock>.takeover`, is held: otherwise two
 * processes that both saw the dead owner could each remove a lock, the later one the living lock of the earlier.
 */
export class FolderLock {
  constructor(folder) {
    this.folder = folder;
    this.ownerFile = path.join(folder, 'owner.json');
  }

  /** `{ kind: 'taken' }`, or `{ kind: 'busy', pid }` with the owner's id (undefined while it is not yet written). */
  tryTake() {
    mkdirSync(path.dirname(this.folder), { recursive: true });
    if (tryMakeFolder(this.folder)) return this.#own();
    if (this.#isAbandoned()) this.#removeAbandoned();
    else return this.#busy();
    return tryMakeFolder(this.folder) ? this.#own() : this.#busy();
  }

  /** Waits until the lock is ours. `onWait(pid)` is called once when somebody else holds it. */
  async take(onWait) {
    let told = false;
    for (;;) {
      const outcome = this.tryTake();
      if (outcome.kind === 'taken') return;
      if (!told) onWait(outcome.pid);
      told = true;
      await sleep(pollMs);
    }
  }

  /** From now on the lock lives as long as process `pid`; `release` still gives it back. */
  handTo(pid) {
    writeFileSync(this.ownerFile, JSON.stringify({ pid, start: startOf(pid) }));
  }

  release() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #own() {
    this.handTo(process.pid);
    return { kind: 'taken' };
  }

  #busy() {
    return { kind: 'busy', pid: this.#owner()?.pid };
  }

  #owner() {
    try {
      return JSON.parse(readFileSync(this.ownerFile, 'utf8'));
    } catch {
      return undefined;
    }
  }

  #isAbandoned() {
    const owner = this.#owner();
    if (owner === undefined) return ageMs(this.folder) > unfinishedMs;
    return owner.start === undefined || startOf(owner.pid) !== owner.start;
  }

  #removeAbandoned() {
    const takeover = `${this.folder}.takeover`;
    if (ageMs(takeover) > unfinishedMs) rmSync(takeover, { recursive: true, force: true });
    if (!tryMakeFolder(takeover)) return;
    try {
      if (this.#isAbandoned()) this.release();
    } finally {
      rmSync(takeover, { recursive: true, force: true });
    }
  }
}

function tryMakeFolder(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Error(`${folder} could not be created (${error.code}). Make its parent writable.`, {
      cause: error,
    });
  }
}

function ageMs(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs;
  } catch {
    return 0;
  }
}
