/** The key that a gateway may ask for, as it asks for keys where others can reach it; undefined when none is given. */
export function readKey(): string | undefined {
  const key = process.env.CANDLEKEEP_KEY?.trim() ?? '';
  return key === '' ? undefined : key;
}
