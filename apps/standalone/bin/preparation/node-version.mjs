const needed = { major: 20, minor: 19 };

/** Ends the process with one clear line when this Node is older than the project needs (require(esm) came with 20.19). */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > needed.major || (major === needed.major && minor >= needed.minor)) return;
  console.error(
    `Candlekeep needs Node.js ${needed.major}.${needed.minor} or newer, but this is ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org and run the command again.',
  );
  process.exit(1);
}
