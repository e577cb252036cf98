import { pino } from 'pino';
import { currentRequestId } from './request-context';
import { currentTraceId } from './tracing/current-tracer';

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

/**
 * What must not be read in a line, wherever it stands; each kind with a group for what stands before it, which stays. A password ends at
 * the last `@` that it may end at, for people write one as it is: in URLs of servers it may hold `/`, in all others it ends the path.
 * Its length is bounded, so a line is read in a time that grows as it does.
 */
const SECRETS = new RegExp(
  [
    // Passwords of servers.
    String.raw`((?:postgres(?:ql)?|rediss?):\/\/[^:/@\s"]*:)(?:\\.|[^\s"\\]){1,256}(?=@)`,
    // Passwords in other URLs.
    String.raw`(:\/\/[^:/@\s"]*:)[^/\s"]{1,256}(?=@)`,
    // Passwords among the parameters of a URL.
    String.raw`([?&](?:ssl)?password=)[^&\s"]+`,
    // Tokens, keys of callers, cookies of people.
    String.raw`((?:Bearer|Basic)\s+)[^\s"]+`,
    String.raw`(ck_[a-z0-9]{1,16}_)[\w-]{16,}`,
    String.raw`("(?:set-)?cookie":\s*")[^"]+`,
  ].join('|'),
  'gi',
);
const KINDS_OF_SECRETS = 6;

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
      mixin: contextFields,
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

/** What leads from a line to the request, and to its trace where there is one. */
function contextFields(): LogFields {
  const requestId = currentRequestId();
  const traceId = currentTraceId();
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
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
