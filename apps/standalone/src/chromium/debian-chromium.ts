import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTool } from '../processes/run-tool';
import { librariesIn, unpackedFromDebian } from '../servers/debian-packages';

export type ChromiumOutcome =
  | { readonly kind: 'found'; readonly file: string }
  /** `reason` says what was tried last, and how it failed. */
  | { readonly kind: 'missing'; readonly reason: string };

/** Chromium from the distribution's own packages, unpacked into `folder`, behind a script that shows it its libraries and fonts. */
export async function debianChromium(
  folder: string,
  say: (line: string) => void,
): Promise<ChromiumOutcome> {
  const program = { title: 'Chromium', packageName: 'chromium', folder, findIn: launcherOf };
  const outcome = await unpackedFromDebian(program, say);
  return outcome.kind === 'found' ? { kind: 'found', file: outcome.found } : outcome;
}

/** Writes the script anew each time: the folder may have been moved. Undefined when the browser does not run. */
async function launcherOf(root: string): Promise<string | undefined> {
  const program = path.join(root, 'usr/lib/chromium/chromium');
  const libraries = await librariesIn(root);
  if (libraries.length === 0) return undefined;
  const fonts = path.join(root, 'fonts.conf');
  const launcher = path.join(root, 'chromium');
  await mkdir(path.join(root, 'font-cache'), { recursive: true });
  await writeFile(fonts, fontsConfiguration(root));
  await writeFile(launcher, launcherText(program, libraries, fonts));
  await chmod(launcher, 0o755);
  const { ok } = await runTool(launcher, ['--version']);
  return ok ? launcher : undefined;
}

function launcherText(program: string, libraries: readonly string[], fonts: string): string {
  return [
    '#!/bin/sh',
    `export LD_LIBRARY_PATH=${quoted(libraries.join(':'))}`,
    `export FONTCONFIG_FILE=${quoted(fonts)}`,
    `exec ${quoted(program)} "$@"`,
    '',
  ].join('\n');
}

/** The machine's fonts, and those that came with the packages. */
function fontsConfiguration(root: string): string {
  return [
    '<?xml version="1.0"?>',
    '<fontconfig>',
    '<dir>/usr/share/fonts</dir>',
    `<dir>${path.join(root, 'usr/share/fonts')}</dir>`,
    `<cachedir>${path.join(root, 'font-cache')}</cachedir>`,
    '</fontconfig>',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
