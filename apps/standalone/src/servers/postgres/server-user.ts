import { readFile, stat } from 'node:fs/promises';
import { SystemUser } from '../../processes/run-tool';
import { StartFailure } from '../../start-failure';

const candidates = ['postgres', 'nobody'];

/**
 * Whom Postgres, which refuses root, runs as when we are root: the owner of the data where there is data, else `postgres`
 * or `nobody`. Undefined when we are an ordinary user: then it runs as us.
 */
export async function chooseServerUser(dataFolder: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const data = await stat(dataFolder).catch(() => undefined);
  if (data !== undefined && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const name of candidates) {
    const user = findUser(passwd, name);
    if (user !== undefined) return user;
  }
  throw new StartFailure(
    'Postgres refuses to run as root, and this system has neither a "postgres" nor a "nobody" user. ' +
      'Run npm start as an ordinary user, or set DATABASE_URL.',
  );
}

/** The ids of a user in the text of /etc/passwd; undefined when unknown or root. */
export function findUser(passwd: string, name: string): SystemUser | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}
