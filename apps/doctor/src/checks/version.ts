/** Whether a version (`7.2.4`) is at least another (`6.2`), by their first two numbers; what is no number counts as 0. */
export function isAtLeast(running: string, least: string): boolean {
  const [major, minor] = majorAndMinor(running);
  const [leastMajor, leastMinor] = majorAndMinor(least);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function majorAndMinor(version: string): [major: number, minor: number] {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor];
}
