import { z } from 'zod';

/** Thrown in place of reading an environment, so that a test sees what would be read. */
class ShapeSeen extends Error {
  constructor(readonly schema: z.ZodObject) {
    super('the environment was not read: a test looks at what would be');
  }
}

/** What takes the place of `parseEnvironment`: tells the very rules that a process was about to apply. */
export function showShape(shape: z.ZodRawShape): never {
  throw new ShapeSeen(z.object(shape));
}

/** The rules that `readEnv` applies. */
export function shapeReadBy(readEnv: () => unknown): z.ZodObject {
  try {
    readEnv();
  } catch (seen) {
    if (seen instanceof ShapeSeen) return seen.schema;
    throw seen;
  }
  throw new Error(
    'this process reads its environment without parseEnvironment: look at its env.ts',
  );
}
