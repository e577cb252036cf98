/** An error answer in the exchange's own words: `{"error":{"name":404,"message":"Code not found"}}`. */
export class UpbitRefusal extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
    /** `name` in the body; the status for everything but a missing route. */
    readonly errorName: number | string = status,
  ) {
    super(message);
  }

  /** The body, byte for byte as the exchange prints it. */
  body(): string {
    return JSON.stringify({ error: { name: this.errorName, message: this.message } });
  }
}

/** The exchange's refusals of a candle question. Texts: https://docs.upbit.com and captured answers. */
export const refusals = {
  missingParameter: () =>
    new UpbitRefusal(400, 'Missing request parameter error. Check the required parameters!'),
  typeMismatch: () => new UpbitRefusal(400, 'Type mismatch error. Check the parameters type!'),
  invalidParameter: () => new UpbitRefusal(400, 'Invalid parameter. Check the given value!'),
  invalidUnit: () => new UpbitRefusal(400, 'specified unit is not valid.'),
  unknownMarket: () => new UpbitRefusal(404, 'Code not found'),
  noRoute: () => new UpbitRefusal(404, 'no Route matched with those values', 'not_found'),
} as const;
