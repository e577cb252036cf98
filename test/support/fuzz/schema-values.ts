import fc from 'fast-check';
import { z } from 'zod';
import { hostileValue } from './hostile-values';

/** JSON Schema, as far as our OpenAPI document uses it. */
export type Schema = Readonly<Record<string, unknown>>;
export const schemaShape = z.record(z.string(), z.unknown());
const schemas = z.array(schemaShape);
const DEEPEST = 5;

/** Makes values that a schema takes; `named` are the shapes that it may refer to. */
export class SchemaValues {
  constructor(private readonly named: Readonly<Record<string, Schema>>) {}

  /** Right ones mostly; now and then a part of one is something else. */
  almost(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
    return fc.oneof(
      { weight: 9, arbitrary: this.right(schema, depth) },
      { weight: 1, arbitrary: hostileValue },
    );
  }

  private right(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    if (depth > DEEPEST) return fc.constant(null);
    const referred = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined;
    if (referred !== undefined) return this.right(this.named[referred] ?? {}, depth);
    if ('const' in schema) return fc.constant(schema.const);
    const words = z.array(z.unknown()).safeParse(schema.enum);
    if (words.success) return fc.constantFrom(...words.data);
    const options = schemas.safeParse(schema.anyOf ?? schema.oneOf ?? schema.allOf);
    if (options.success) return fc.oneof(...options.data.map((one) => this.right(one, depth + 1)));
    return this.ofType(schema, depth);
  }

  private ofType(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    switch (schema.type) {
      case 'string':
        return typeof schema.pattern === 'string'
          ? fc.stringMatching(new RegExp(schema.pattern))
          : fc.constantFrom('KRW-BTC', 'KRW-ETH', '1m', '15m', 'a', '2026-01-05T00:00:00Z');
      case 'integer':
        return fc.oneof(fc.integer({ min: 0, max: 300 }), fc.maxSafeInteger());
      case 'number':
        return fc.double();
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(this.almost(shapeOf(schema.items), depth + 1), { maxLength: 4 });
      case 'object':
        return this.object(schema, depth);
      default:
        return hostileValue;
    }
  }

  private object(schema: Schema, depth: number): fc.Arbitrary<unknown> {
    const members = Object.entries(shapeOf(schema.properties)).map(
      ([name, member]) => [name, this.almost(shapeOf(member), depth + 1)] as const,
    );
    const required = z.array(z.string()).catch([]).parse(schema.required);
    const known = fc.record(Object.fromEntries(members), {
      requiredKeys: required.filter((name) => members.some(([member]) => member === name)),
    });
    return fc.oneof(
      { weight: 8, arbitrary: known },
      {
        weight: 1,
        arbitrary: fc
          .tuple(known, fc.string({ maxLength: 12 }), hostileValue)
          .map(([given, name, value]) => ({ ...given, [name]: value })),
      },
    );
  }
}

function shapeOf(given: unknown): Schema {
  return schemaShape.catch({}).parse(given);
}
