const FORM =
  /^(?<date>\d{4}-\d{2}-\d{2})[T ](?<time>\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,9})?(?<zone>Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads the `to` of a candle request, in any of the exchange's spellings, into epoch ms: `T` or a space between date and time, an
 * optional fraction of a second, `Z` or an offset such as `+09:00`; without a zone the text means UTC. Undefined for any other text
 * and for days that do not exist.
 */
export function parseToInstant(text: string): number | undefined {
  const { date, time, fraction = '', zone = 'Z' } = FORM.exec(text)?.groups ?? {};
  if (date === undefined || time === undefined) return undefined;
  const wall = `${date}T${time}`;
  const wallMs = Date.parse(`${wall}Z`);
  const epochMs = Date.parse(`${wall}${fraction.slice(0, 4)}${zone}`);
  const exists = !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(wall);
  return exists && !Number.isNaN(epochMs) ? epochMs : undefined;
}
