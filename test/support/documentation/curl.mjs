// Stands in for curl on a machine that has none: sends the same request and prints the same answer. It knows the flags
// that the documentation uses, and refuses any other.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const options = {
  request: { type: 'string', short: 'X' },
  header: { type: 'string', short: 'H', multiple: true, default: [] },
  data: { type: 'string', short: 'd' },
  output: { type: 'string', short: 'o' },
  include: { type: 'boolean', short: 'i' },
  'no-buffer': { type: 'boolean', short: 'N' },
  fail: { type: 'boolean', short: 'f' },
  silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [url] = positionals;
const response = await fetch(url, {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers: values.header.map((line) => line.split(/:\s*/, 2)),
  body: values.data,
});
if (values.include) {
  console.log(`HTTP/1.1 ${response.status} ${response.statusText}`);
  for (const [name, value] of response.headers) console.log(`${name}: ${value}`);
  console.log('');
}
const parts = [];
for await (const part of response.body ?? []) {
  if (values.output === undefined) process.stdout.write(part);
  else parts.push(part);
}
if (values.output !== undefined) writeFileSync(values.output, Buffer.concat(parts));
if (values.fail && !response.ok) {
  console.error(`curl: (22) The requested URL returned error: ${response.status}`);
  process.exitCode = 22;
}
