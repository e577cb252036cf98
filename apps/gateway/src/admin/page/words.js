const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(undefined, { maximumFractionDigits: 8 });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const minute = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
  hourCycle: 'h23',
});

export const words = {
  whole: (number) => whole.format(number),
  /** Whole below 100,000, then short: 12.3M, or 1,230만 where people count so. */
  short: (number) => (Math.abs(number) < 100_000 ? whole : compact).format(number),
  /** Of slow things too: 0.3, 214. */
  rate: (number) => (number < 10 ? tenths : compact).format(number),
  price: (number) => fine.format(number),
  percent: (share) =>
    share >= 0.9995 || share === 0
      ? `${Math.round(share * 100)} %`
      : `${(share * 100).toFixed(1)} %`,
  clock: (ms) => clock.format(ms),
  minute: (ms) => minute.format(ms),
  day: (ms) => day.format(ms),
  moment: (ms) => moment.format(ms),
  zone: () => `in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`,
};

/** How long something took or will take: 340 ms, 4.2 s, 3 min, 5 h, 2 d. */
export function span(ms) {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}
