import path from 'node:path';
import { findHouse } from '../../standalone/src/processes/running-house';
import type { Variables } from './env';

/** Where the doctor stands. */
export interface Surroundings {
  /** What a process would be given: the environment and, beneath it, what `npm start` gave its own. */
  readonly variables: Variables;
  /** Whose servers these are. `npm start`: none were named, so they are its own; `none`: it does not run either. */
  readonly servers: 'given' | 'npm start' | 'none';
}

const NAMES = ['REDIS_URL', 'DATABASE_URL'];

/** Looks whether a house runs beside us. */
export async function lookAround(environment: Variables): Promise<Surroundings> {
  const folder = path.resolve(environment.CANDLEKEEP_FOLDER ?? '.candlekeep');
  const house = await findHouse(folder);
  const variables = { ...house, ...environment };
  if (NAMES.every((name) => name in environment)) return { variables, servers: 'given' };
  return { variables, servers: house === undefined ? 'none' : 'npm start' };
}
