// One answer of the gateway, as a reference server is to give it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Headers that belong to the connection, or that a reference makes itself. */
const OWN = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding'];

/** The gateway's answer to `question`: its bytes, and its headers but for those of the connection. */
export async function sampleOf(gateway, question, headers = {}) {
  const response = await fetch(gateway.url + question, {
    headers: { 'accept-encoding': 'identity', ...headers },
  });
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`${question}: ${response.status} ${body}`);
  const shown = [...response.headers].filter(([name]) => !OWN.includes(name));
  return { body, headers: Object.fromEntries(shown) };
}

/** Starts a server of `references/` in a process of its own that sends these bytes and headers. */
export async function startFixed(house, reference, { body, headers }) {
  const file = path.join(house.folder, `body-${reference}-${body.length}`);
  await writeFile(file, body);
  return house.start(referencePath(reference), {
    BODY_FILE: file,
    HEADERS: JSON.stringify(headers),
  });
}

export function referencePath(name) {
  return new URL(`./references/${name}.mjs`, import.meta.url).pathname;
}
