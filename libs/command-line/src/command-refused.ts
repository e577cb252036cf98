/** The command line cannot be understood; the message says what can be given instead. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}
