/** The full size of a proof when `PROOF_SIZE=full` (`npm run bench:limiter`), else the short one, for every run of the tests. */
export function proofSize(sizes: { readonly short: number; readonly full: number }): number {
  return process.env.PROOF_SIZE === 'full' ? sizes.full : sizes.short;
}

/** Whether this is a run at full size, for what takes minutes at any size. */
export function isFullSize(): boolean {
  return process.env.PROOF_SIZE === 'full';
}
