// How a reference server says where it listens, and ends with whoever started it.
export function announce(port) {
  console.log(`http://127.0.0.1:${port}`);
  process.on('disconnect', () => process.exit(0));
  process.send('ready');
}
