import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UnreadableRecording, parseRecording } from './recording-file';
import { Recording } from './recording';

const FOLDER = path.join('apps', 'exchange-simulator', 'recordings');

/** Recordings never change, so all simulators of a process share them. */
const known = new Map<string, Recording>();

/** The shipped recording of a market, read from disk on first use. Throws {@link UnreadableRecording} that names the file when it is missing or damaged. */
export function shippedRecording(market: string): Recording {
  const recording = known.get(market) ?? readRecording(market);
  known.set(market, recording);
  return recording;
}

function readRecording(market: string): Recording {
  const file = path.join(recordingsFolder(), `${market}.csv.gz`);
  try {
    return new Recording(parseRecording(gunzipSync(readFileSync(file)).toString()));
  } catch (cause) {
    throw new UnreadableRecording(
      `the recording of ${market} cannot be read from ${file} (${String(cause)}); restore it from the repository`,
      { cause },
    );
  }
}

/** Recordings stay where they are when the code is compiled to `dist`, so they are looked for from here upwards. */
function recordingsFolder(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, FOLDER);
    if (existsSync(candidate)) return candidate;
  }
  throw new UnreadableRecording(
    `no folder ${FOLDER} above ${__dirname}; keep it beside dist when the project is moved`,
  );
}
