import path from 'node:path';
import { defineConfig } from 'tsup';

/** One file each of ESM, CommonJS and their types: other rooms and `eventsource-parser` are in them, so the package needs no other. */
export default defineConfig({
  entry: [path.join(__dirname, 'src/index.ts')],
  outDir: path.join(__dirname, 'dist'),
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node20',
  noExternal: [/^@candlekeep\//, 'eventsource-parser'],
  // tsup gives TypeScript an option that TypeScript 6 would refuse.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  clean: true,
});
