import fc from 'fast-check';
import { z } from 'zod';
import { escaped, fuzzHeaders, type FuzzRequest, queryText } from './fuzz-request';
import { hostileText, jsonText } from './hostile-values';
import { schemaShape, SchemaValues, type Schema } from './schema-values';

const parameter = z.object({ name: z.string(), in: z.string(), schema: schemaShape });
const operation = z.object({
  operationId: z.string(),
  parameters: z.array(parameter).default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: schemaShape })) })
    .optional(),
});
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), schemaShape) }),
});

type Operation = z.infer<typeof operation>;
type Parameter = z.infer<typeof parameter>;

/** What good requests in between ask for: it is not to be forgotten, nor fetched anew. */
const MARKETS = ['KRW-ETH', 'KRW-XRP', 'KRW-SOL', 'KRW-DOGE', 'BTC-ETH', 'KRW-NOPE', 'krw-eth'];
/** Keys would outlive the run, and a log that is silenced tells no failures. */
const LEFT_OUT = /^(?:createKey|revokeKey|deleteKey|setLogLevel)$/;

/** Requests that an OpenAPI document describes, more or less. */
export function describedRequests(given: unknown): fc.Arbitrary<FuzzRequest> {
  const { paths, components } = document.parse(given);
  const values = new SchemaValues(components.schemas);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { operationId }]) => !LEFT_OUT.test(operationId))
      .map(([method, described]) => requestOf({ path, method, described }, values)),
  );
  return fc.oneof(...all);
}

function requestOf(
  route: { readonly path: string; readonly method: string; readonly described: Operation },
  values: SchemaValues,
): fc.Arbitrary<FuzzRequest> {
  const { parameters, requestBody } = route.described;
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const [content] = Object.values(requestBody?.content ?? {});
  return fc
    .tuple(
      fc.tuple(...inPath.map(({ schema }) => pathText(schema, values))),
      fc.tuple(...inQuery.map((one) => parameterText(one, values))),
      fuzzHeaders,
      content === undefined ? fc.constant(undefined) : bodyText(content.schema, values),
      fc.oneof({ weight: 14, arbitrary: fc.constant(undefined) }, strangeParameter),
      fc.oneof({ weight: 19, arbitrary: fc.constant(route.method) }, strangeMethod),
    )
    .map(([texts, query, headers, body, strange, method]) => {
      const path = inPath.reduce(
        (text, { name }, at) => text.replace(`{${name}}`, escaped(texts[at] ?? '')),
        route.path,
      );
      const asked = [...query.flat(), ...(strange === undefined ? [] : [strange])];
      const json = body === undefined ? {} : { body };
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      return {
        method: method.toUpperCase(),
        path: path + queryText(asked),
        headers: { ...type, ...headers },
        ...json,
      };
    });
}

const strangeMethod = fc.constantFrom(
  'get',
  'post',
  'put',
  'delete',
  'patch',
  'options',
  'head',
  'trace',
  'propfind',
);
const strangeParameter = fc.tuple(hostileText, hostileText);

function pathText(schema: Schema, values: SchemaValues): fc.Arbitrary<string> {
  return fc.oneof(values.almost(schema).map(plain), hostileText);
}

/** Given once mostly, sometimes not at all or twice. */
function parameterText(
  { name, schema }: Parameter,
  values: SchemaValues,
): fc.Arbitrary<readonly (readonly [string, string])[]> {
  const right = name === 'market' ? fc.constantFrom(...MARKETS) : values.almost(schema).map(plain);
  const one = fc
    .oneof({ weight: 5, arbitrary: right }, { weight: 1, arbitrary: hostileText })
    .map((text) => [name, text] as const);
  const least = name === 'market' || name === 'timeframe' ? 3 : 1;
  return fc.oneof(
    { weight: least * 4, arbitrary: fc.tuple(one) },
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.tuple(one, one) },
  );
}

/** JSON mostly; some is cut short, has a forbidden member, or is nothing of the kind. */
function bodyText(schema: Schema, values: SchemaValues): fc.Arbitrary<string> {
  const json = values.almost(schema).map((value) => jsonText(value));
  return fc.oneof(
    { weight: 12, arbitrary: json },
    { weight: 1, arbitrary: json.map((text) => text.slice(0, text.length / 2)) },
    { weight: 1, arbitrary: json.map((text) => text.replace(/"\w+":/, '"__proto__":')) },
    { weight: 1, arbitrary: json.map((text) => `${'['.repeat(2_000)}${text}${']'.repeat(2_000)}`) },
    { weight: 1, arbitrary: hostileText },
  );
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value);
}
