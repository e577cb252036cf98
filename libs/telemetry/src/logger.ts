import { pino } from 'pino';
import { currentRequestId } from './request-context';

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

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The log of a process, whose level may change while it runs. */
export interface AdjustableLogger extends Logger {
  /** What is below this is not logged from now on. */
  adjust(level: LogLevel): void;
}

/** Passwords in connection URLs, bearer tokens, keys of callers and cookies of people, wherever in a line they stand. */
const SECRETS =
  /(:\/\/[^:/@\s"]*:)[^@/\s"]+(?=@)|((?:Bearer|Basic)\s+)[^\s"]+|(ck_[a-z0-9]{1,16}_)[\w-]{16,}|("(?:set-)?cookie":\s*")[^"]+/gi;

/** Each kind has a group for what stands before it, which stays. */
const KINDS_OF_SECRETS = 4;

/** A logger that writes to standard output. `level` defaults to `info`. Secrets are replaced before a line leaves. */
export function createLogger(process: string, level: LogLevel = 'info'): AdjustableLogger {
  const destination = { write: (line: string) => globalThis.process.stdout.write(redact(line)) };
  const sink = pino(
    {
      level,
      base: { process },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
      mixin: requestFields,
    },
    destination,
  );
  return {
    adjust: (wanted) => {
      sink.level = wanted;
    },
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

function requestFields(): LogFields {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}

/** Replaces passwords in URLs, tokens, keys and cookies by `***`. */
export function redact(text: string): string {
  return text.replace(SECRETS, (_match, ...groups: unknown[]) => {
    const shown = groups.slice(0, KINDS_OF_SECRETS).find((group) => typeof group === 'string');
    return `${typeof shown === 'string' ? shown : ''}***`;
  });
}

/** A logger that says nothing, for tests. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing is kept.
}
