import { CandlekeepError } from '@candlekeep/market';
import type { ClientBase } from '@candlekeep/postgres';

/** By which right somebody writes who may be succeeded: the name of a lease, and the token it gave. */
export interface Fence {
  readonly name: string;
  readonly token: number;
}

/** A page with a larger token of that name was kept: whoever holds the smaller one is not the holder any more. Nothing was stored. */
export class Deposed extends CandlekeepError {
  readonly code = 'DEPOSED';
  readonly retryable = false;

  constructor(
    { name, token }: Fence,
    /** The largest token that was kept. */
    readonly seenToken: number,
  ) {
    super(
      `a page was not stored: the store has kept one of "${name}" with the token ${seenToken}, which is larger than ${token}: ` +
        'another process has taken over; give up the lease and ask for it again',
    );
  }
}

/**
 * One row comes back, with the largest token. A token that is known already locks its row for share, so that writers of one term do
 * not wait for each other; a larger one waits until all of them have ended, and whoever comes later sees it.
 */
const PASS = `
  WITH raised AS (
    INSERT INTO fence AS known (name, token)
    SELECT $1::text, $2::bigint WHERE NOT EXISTS (SELECT FROM fence WHERE name = $1 AND token >= $2)
    ON CONFLICT (name) DO UPDATE SET token = greatest(known.token, excluded.token)
    RETURNING token
  ), held AS (
    SELECT token FROM fence WHERE name = $1 AND token >= $2 FOR SHARE
  )
  SELECT token FROM raised UNION ALL SELECT token FROM held`;

/** Lets a writer pass, until the end of the client's transaction. Throws {@link Deposed}. */
export async function passFence(client: ClientBase, fence: Fence): Promise<void> {
  const { name, token } = fence;
  const statement = { name: 'candle-store fence', text: PASS, values: [name, token] };
  const { rows } = await client.query<{ token: number }>(statement);
  const [seen] = rows;
  if (seen === undefined) throw new Error(`the fence "${name}" told no token`);
  if (seen.token > token) throw new Deposed(fence, seen.token);
}
