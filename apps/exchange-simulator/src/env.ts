import { CandlekeepError } from '@candlekeep/market';
import { z } from 'zod';
import { LATENCY_PROFILES } from './http/latency';

const port = z.coerce.number().int().min(0).max(65_535);
/** Every variable that is read, with its rule. */
export const schema = z.object({
  /** Address of the exchange's door. */
  HOST: z.string().default('127.0.0.1'),
  /** 0 takes any free port. */
  PORT: port.default(3_900),
  /** Port of the control door, always on loopback; without it there is no such door. 0 takes any free port. */
  CONTROL_PORT: port.optional(),
  /** Mean delay of an answer, ms. */
  LATENCY_MS: z.coerce.number().min(0).max(60_000).default(0),
  /** Delays spread as real ones; takes the place of `LATENCY_MS` unless it is `none`. */
  LATENCY_PROFILE: z.enum(LATENCY_PROFILES).default('none'),
  /** Equal seeds give equal delays of a profile. */
  LATENCY_SEED: z.string().default('latency'),
  /** How far the exchange's clock is ahead of this machine's, ms; negative: behind. */
  TIME_OFFSET_MS: z.coerce.number().int().default(0),
});

/** The simulator's settings, as its environment gives them. */
export type SimulatorEnv = z.infer<typeof schema>;

/** The environment holds a value that cannot be used. */
export class InvalidEnvironment extends CandlekeepError {
  readonly code = 'INVALID_ENVIRONMENT';
  readonly retryable = false;
}

/** Reads settings from variables; empty ones count as unset. Throws {@link InvalidEnvironment} that names each wrong variable. */
export function parseEnv(variables: Readonly<Record<string, string | undefined>>): SimulatorEnv {
  const given = Object.entries(variables).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new InvalidEnvironment(
    `the exchange simulator cannot start with these variables; correct or unset them: ${faults.join('; ')}`,
  );
}

/** Reads the settings of this process. */
export function readEnv(): SimulatorEnv {
  return parseEnv(process.env);
}
