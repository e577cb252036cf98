import { readdirSync } from 'node:fs';
import path from 'node:path';
import { RequestMethod } from '@nestjs/common';
import Ajv2020 from 'ajv/dist/2020';
import { z } from 'zod';
import {
  dailyStrategy as daily,
  demoStrategy as demo,
} from '../../../../test/support/strategy-documents';
import { describeApi } from './api-document';
import { describedRoutes } from './described-routes';

const schema = z.record(z.string(), z.unknown());
const content = z.record(
  z.string(),
  z.strictObject({
    schema,
    example: z.unknown().optional(),
    examples: z.record(z.string(), z.strictObject({ value: z.unknown() })).optional(),
  }),
);
/** What the OpenAPI 3.1 specification lets stand where, as far as this document uses it. */
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().endsWith('.'),
  tags: z.array(z.string()).length(1),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        description: z.string(),
        required: z.boolean(),
        schema,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^[2-5]\d\d$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), z.strictObject({ description: z.string(), schema })).optional(),
      content: content.optional(),
    }),
  ),
});
const openApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  paths: z.record(
    z.string().regex(/^\/api\/\S+$/),
    z.partialRecord(z.enum(['get', 'put', 'post', 'delete']), operation),
  ),
  security: z.tuple([z.strictObject({ key: z.tuple([]) })]),
  components: z.strictObject({
    securitySchemes: z.strictObject({
      key: z.strictObject({
        ...{ type: z.literal('http'), scheme: z.literal('bearer') },
        ...{ bearerFormat: z.string(), description: z.string() },
      }),
    }),
    schemas: z.record(z.string().regex(/^[A-Za-z]+$/), schema),
  }),
});

const given = describeApi(describedRoutes);
const document = openApi.parse(JSON.parse(JSON.stringify(given)));
const operations = Object.entries(document.paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, found]) => ({ url, method, ...found })),
);

describe('the description of the API', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
  ajv.addVocabulary(['components']);
  ajv.addSchema({ $id: 'api', components: document.components });
  /** What is wrong with a value, by a shape of the document. */
  const wrongWith = (shape: Readonly<Record<string, unknown>>, value: unknown) => {
    const absolute: unknown = JSON.parse(
      JSON.stringify(shape).replaceAll('"#/components', '"api#/components'),
    );
    const judge = ajv.compile(z.record(z.string(), z.unknown()).parse(absolute));
    return judge(value) ? [] : judge.errors;
  };

  it('speaks only of shapes that it holds, all of which are JSON Schema', () => {
    const text = JSON.stringify(document);
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target);
    const held = Object.keys(document.components.schemas).map((id) => `#/components/schemas/${id}`);
    expect(held).toEqual(expect.arrayContaining(referred));
    for (const $ref of held) expect(wrongWith({ $ref }, null)).not.toEqual([]);
    expect(text).not.toContain('"$id"');
  });

  it('names each operation once, with its parameters and a tag of its own', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { url, parameters = [], tags: used } of operations) {
      const inPath = [...url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter(({ in: place }) => place === 'path');
      expect(declared.map(({ name, required }) => [name, required])).toEqual(
        inPath.map((name) => [name, true]),
      );
      expect(tags).toEqual(expect.arrayContaining(used));
    }
  });

  it('gives examples that have the shapes it promises', () => {
    const bodies = operations.flatMap(({ requestBody, responses }) => [
      ...(requestBody === undefined ? [] : Object.values(requestBody.content)),
      ...Object.values(responses).flatMap((answer) => Object.values(answer.content ?? {})),
    ]);
    const examples = bodies.flatMap(({ schema: shape, example, examples: named = {} }) =>
      [example, ...Object.values(named).map(({ value }) => value)]
        .filter((value) => value !== undefined)
        .map((value) => ({ shape, value })),
    );
    expect(examples.length).toBeGreaterThan(operations.length);
    for (const { shape, value } of examples) expect(wrongWith(shape, value)).toEqual([]);
  });

  it('takes the strategies that the gateway takes', () => {
    const strategy = { $ref: '#/components/schemas/Strategy' };
    expect([wrongWith(strategy, demo), wrongWith(strategy, daily)]).toEqual([[], []]);
    expect(wrongWith(strategy, { ...demo, entry: { type: 'a', conditions: [7] } })).not.toEqual([]);
    expect(wrongWith(strategy, { ...daily, RSI_period: '14abc' })).not.toEqual([]);
  });

  it('holds every route under /api that the gateway has, and no other', () => {
    const served = servedRoutes().filter((route) => route.includes(' /api/'));
    const described = operations.map(({ url, method }) => `${method} ${url}`);
    // A route of two kinds is described as each of them.
    const fits = (route: string, given: string): boolean =>
      new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`).test(given);
    const untold = served.filter((route) => !described.some((given) => fits(route, given)));
    const absent = described.filter((given) => !served.some((route) => fits(route, given)));
    expect({ untold, absent }).toEqual({ untold: [], absent: [] });
  });
});

/** `get /api/strategies/:id` of every controller. */
function servedRoutes(): readonly string[] {
  const folder = path.join(__dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.controller.ts'))
    .flatMap((file) => {
      const loaded = jest.requireActual<Record<string, unknown>>(path.join(folder, file));
      return Object.values(loaded).flatMap(routesOf);
    });
}

const paths = z.union([z.string(), z.array(z.string())]);
const routed = z.object({ path: paths, method: z.enum(RequestMethod).optional() });

function routesOf(controller: unknown): readonly string[] {
  if (typeof controller !== 'function') return [];
  const base = metadataOf(controller);
  const prototype: unknown = controller.prototype;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const members = Object.getOwnPropertyDescriptors(prototype);
  return Object.values<TypedPropertyDescriptor<unknown>>(members).flatMap(({ value }) => {
    const route = typeof value === 'function' ? metadataOf(value) : undefined;
    if (base === undefined || route?.method === undefined) return [];
    const method = RequestMethod[route.method].toLowerCase();
    return [route.path].flat().map((path) => {
      const url = ['', base.path, path].join('/').replaceAll(/\/{2,}/g, '/');
      return `${method} ${url.replace(/\/$/, '')}`;
    });
  });
}

/** What Nest's decorators have noted. */
function metadataOf(target: object) {
  const noted = ['path', 'method'].map((key): [string, unknown] => [
    key,
    Reflect.getMetadata(key, target),
  ]);
  return routed.safeParse(Object.fromEntries(noted)).data;
}
