/** How a way to the exchange was found. */
export type WayLook<Seen> =
  | ({ readonly kind: 'open'; readonly tookMs: number } & Seen)
  /** The limiter grants no call now. */
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'closed'; readonly reason: string };
