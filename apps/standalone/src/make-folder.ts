import { mkdir } from 'node:fs/promises';
import { StartFailure, reasonOf } from './start-failure';

/** Makes a folder and those above it. Throws StartFailure that names what could not be made. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new StartFailure(
      `${folder} could not be created (${reasonOf(error)}). Make its parent writable, or set CANDLEKEEP_FOLDER to another place.`,
    );
  }
}
