// nginx with proxy_cache before a server: the installed one, else Debian's package unpacked beside the project's own state.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const UNPACKED = path.resolve('.candlekeep', 'cache', 'nginx');
const FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  path.join(UNPACKED, 'usr/sbin'),
];
const TRIES = 100;
const PAUSE_MS = 50;

/** The program's file; undefined where there is none and none can be had. */
export async function findNginx() {
  const found = await findFile();
  if (found !== undefined) return found;
  try {
    await mkdir(UNPACKED, { recursive: true });
    await run('apt-get', ['download', 'nginx'], { cwd: UNPACKED });
    const name = (await readdir(UNPACKED)).find((file) => file.endsWith('.deb'));
    await run('dpkg', ['-x', path.join(UNPACKED, name), UNPACKED]);
  } catch {
    return undefined;
  }
  return await findFile();
}

/** Starts it before `upstream`; an answer is kept for `validFor` (nginx's words: 1s, 1d), whatever the upstream says of that. */
export async function startNginx(file, { upstream, validFor, folder }) {
  const port = await freePort();
  const home = path.join(folder, 'nginx');
  await mkdir(home, { recursive: true });
  const conf = path.join(home, 'nginx.conf');
  await writeFile(conf, confOf({ home, port, upstream, validFor }));
  const child = spawn(file, ['-p', home, '-c', conf, '-e', path.join(home, 'error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url, child);
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

async function findFile() {
  for (const folder of [...process.env.PATH.split(path.delimiter), ...FOLDERS]) {
    const file = path.join(folder, 'nginx');
    const isUsable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isUsable) return file;
  }
  return undefined;
}

function confOf({ home, port, upstream, validFor }) {
  // Started by root, workers would else be another user's, who may not write here.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'fastcgi', 'uwsgi', 'scgi', 'proxy']
    .map((kind) => `${kind}_temp_path ${home}/${kind};`)
    .join(' ');
  return `${user} daemon off; worker_processes 1; pid ${home}/pid;
events { worker_connections 1024; }
http {
  access_log off; ${temporary}
  proxy_cache_path ${home}/cache keys_zone=candles:10m inactive=1d use_temp_path=off;
  server {
    listen 127.0.0.1:${port};
    location = /here { return 200; }
    location / {
      proxy_pass ${upstream}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache candles; proxy_cache_lock on; proxy_cache_valid 200 ${validFor};
      proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilAnswering(url, child) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (child.exitCode !== null) throw new Error('nginx ended at start; its words are above');
    const isThere = await fetch(`${url}/here`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await pause(PAUSE_MS);
  }
  throw new Error(`nginx did not answer on ${url} within ${(TRIES * PAUSE_MS) / 1_000} s`);
}
