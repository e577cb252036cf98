import { type Flag, readFlags } from '@candlekeep/command-line';

const FLAGS: Readonly<Record<string, Flag>> = {
  json: { meaning: 'print one JSON object instead of the table' },
  help: { meaning: 'this page' },
};

/** How the findings are printed, or a text to print instead. */
export type Output = { readonly kind: 'table' | 'json' } | { readonly kind: 'help' };

/** Reads `--json` and `--help`. Throws `CommandRefused` that lists what is known. */
export function readOutput(args: readonly string[]): Output {
  const flags = readFlags(args, FLAGS, 'known are');
  if (flags.has('help')) return { kind: 'help' };
  return { kind: flags.has('json') ? 'json' : 'table' };
}

/** The page of `npm run doctor -- --help`. */
export const USAGE = `npm run doctor -- [flags]

Looks at everything that Candlekeep needs here, and says what to mend: Node.js, settings, the gateway's port and health, both
Redis servers, Postgres, clocks, and the way to the exchange. It reads the environment that the processes would get; where
\`npm start\` runs, also what that has told them. Nothing is changed, and no password is printed.

It asks the exchange twice, for nothing that candles need: one REST call of limit group "ticker", with a permit of the
cluster's limiter where REDIS_URL answers, and one connection to the stream.

  ${Object.entries(FLAGS)
    .map(([name, { meaning }]) => `--${name.padEnd(6)}${meaning}`)
    .join('\n  ')}

exit codes:
  0 nothing fails (there may be warnings); 1 something does`;
