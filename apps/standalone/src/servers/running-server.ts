import { ProcessStamp } from '../processes/process-stamp';

/** A server that this program has brought up (or found still running) and will stop. */
export interface RunningServer {
  readonly name: string;
  /** Address with user and password. */
  readonly url: string;
  readonly stamp: ProcessStamp;
  /** Where its data lies. */
  readonly folder: string;
  readonly logFile: string;
  /** Stops it in order; resolves when it is gone. */
  close(): Promise<void>;
}
