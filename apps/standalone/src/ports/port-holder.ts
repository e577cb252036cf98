import { readFile, readdir, readlink } from 'node:fs/promises';

/** The program that listens on a TCP port, as `process 123 (node server.js)`; undefined when that cannot be known. */
export async function findPortHolder(port: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readOrEmpty));
  const inodes = tables.flatMap((table) => listeningInodes(table, port));
  if (inodes.length === 0) return undefined;
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const pid of await processIds()) {
    if (await holdsOneOf(sockets, pid)) return describe(pid);
  }
  return undefined;
}

/** The socket inodes that listen on `port`, from the text of /proc/net/tcp. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const listening = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) === true && fields[3] === listening)
    .flatMap((fields) => fields[9] ?? []);
}

async function processIds(): Promise<readonly string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
}

async function holdsOneOf(sockets: ReadonlySet<string>, pid: string): Promise<boolean> {
  try {
    const handles = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      handles.map((handle) => readlink(`/proc/${pid}/fd/${handle}`).catch(() => '')),
    );
    return targets.some((target) => sockets.has(target));
  } catch {
    // Gone since, or another user's process.
    return false;
  }
}

async function describe(pid: string): Promise<string> {
  const command = (await readOrEmpty(`/proc/${pid}/cmdline`)).split('\0').join(' ').trim();
  return `process ${pid} (${command.slice(0, 120)})`;
}

async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
