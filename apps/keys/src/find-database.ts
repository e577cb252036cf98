import path from 'node:path';
import { findHouse } from '../../standalone/src/processes/running-house';
import type { readEnv } from './env';

/** Nobody said where the keys are kept. */
export class DatabaseUnknown extends Error {
  override readonly name = 'DatabaseUnknown';
}

/** The database that is named, or else the one of the house that `npm start` runs here. Throws {@link DatabaseUnknown}. */
export async function findDatabase(env: ReturnType<typeof readEnv>): Promise<string> {
  if (env.DATABASE_URL !== undefined) return env.DATABASE_URL;
  const house = await findHouse(path.resolve(env.CANDLEKEEP_FOLDER));
  if (house?.DATABASE_URL !== undefined) return house.DATABASE_URL;
  throw new DatabaseUnknown(
    'It is not known where keys are kept: set DATABASE_URL to the database of the gateways, or run npm start in this folder and try again.',
  );
}
