import type { Quota, QuotaWindow, Standing } from '@candlekeep/access';

/** Quotas as they are said (draft-ietf-httpapi-ratelimit-headers), each written once. */
const policies = new WeakMap<Quota, string>();

/** `RateLimit-Policy` and `RateLimit`: what a key may have, and what is left of it, in rows. */
export function rateLimitHeaders(quota: Quota, { window, rows, resetSeconds }: Standing) {
  return {
    'ratelimit-policy': policyOf(quota),
    ratelimit: `"${window}";r=${rows};t=${resetSeconds}`,
  };
}

function policyOf(quota: Quota): string {
  const known = policies.get(quota);
  if (known !== undefined) return known;
  const said = (name: string, { rows, seconds }: QuotaWindow): string =>
    `"${name}";q=${rows};w=${seconds};qu="rows"`;
  const policy = `${said('burst', quota.burst)}, ${said('sustained', quota.sustained)}`;
  policies.set(quota, policy);
  return policy;
}
