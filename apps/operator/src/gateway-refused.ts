/** The gateway said no, or nothing at all; the message is for people. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
  /** The HTTP status of its answer; undefined when there was none. */
  readonly status?: number;

  constructor(message: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(message, { cause });
    if (status !== undefined) this.status = status;
  }

  /** False when asking again may help: no answer, or a part that is away. */
  get isFinal(): boolean {
    return this.status !== undefined && this.status < 500;
  }
}

/** The person at the keyboard left before the gateway had answered. */
export class PersonLeft extends Error {
  override readonly name = 'PersonLeft';
}
