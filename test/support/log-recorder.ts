import type { AdjustableLogger, LogFields, LogLevel } from '@candlekeep/telemetry';

/** A logger that keeps its lines for the test to look at. */
export class LogRecorder implements AdjustableLogger {
  readonly lines: {
    readonly level: string;
    readonly message: string;
    readonly fields: LogFields;
  }[] = [];

  readonly debug = this.at('debug');
  readonly info = this.at('info');
  readonly warn = this.at('warn');
  readonly error = this.at('error');

  readonly adjusted: LogLevel[] = [];

  /** Every line is kept all the same. */
  adjust(level: LogLevel): void {
    this.adjusted.push(level);
  }

  private at(level: string) {
    return (message: string, fields: LogFields = {}): void => {
      this.lines.push({ level, message, fields });
    };
  }
}
