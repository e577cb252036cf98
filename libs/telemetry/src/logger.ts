import { pino } from 'pino';

/** A line of context that goes into the log as fields. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log of one process: one JSON object a line. The first argument is a whole sentence; figures go into fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `fields.error` is printed with its causes and stack. */
  error(message: string, fields?: LogFields): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Passwords in connection URLs and bearer tokens, wherever in a line they stand. */
const SECRETS = /(:\/\/[^:/@\s"]*:)[^@/\s"]+(?=@)|(Bearer\s+)[^\s"]+/g;

/** A logger that writes to standard output. `level` defaults to `info`. Secrets are replaced before a line leaves. */
export function createLogger(process: string, level: LogLevel = 'info'): Logger {
  const destination = { write: (line: string) => globalThis.process.stdout.write(redact(line)) };
  const sink = pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    destination,
  );
  return {
    debug: (message, fields = {}) => {
      sink.debug(fields, message);
    },
    info: (message, fields = {}) => {
      sink.info(fields, message);
    },
    warn: (message, fields = {}) => {
      sink.warn(fields, message);
    },
    error: (message, fields = {}) => {
      sink.error(fields, message);
    },
  };
}

/** Replaces passwords in URLs and bearer tokens by `***`. */
export function redact(text: string): string {
  return text.replace(
    SECRETS,
    (_match, url: string | undefined, bearer: string | undefined) => `${url ?? bearer ?? ''}***`,
  );
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing is kept.
}
