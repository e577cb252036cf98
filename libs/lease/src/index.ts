export { type Term, TermOver } from './held-term';
export { Lease, type LeaseParts } from './lease';
export type { LeaseHolder } from './lease-key';
