/** `2026-11-23`: the day (UTC) of an instant, epoch ms. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
