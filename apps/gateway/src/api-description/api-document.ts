import { z } from 'zod';
import { demandOf } from '../access/demand';
import { PROBLEM_TYPE } from '../api/problem-body';
import { problemExample, problemSchema } from './problem-schema';
import type { ApiAnswer, ApiParameter, ApiRoute, RouteGroup } from './route-group';

const PROBLEM = 'Problem';
const TOO_LONG = 'The body is longer than 1 MB.';
const KEY = 'key';
const BEARER = {
  ...{ type: 'http', scheme: 'bearer', bearerFormat: 'ck_<id>_<secret>' },
  description:
    'A key of this gateway, where it asks for one (AUTH=keys). Of the read scope for questions, of the admin scope to change things.',
} as const;
const NO_KEY = 'There is no key, or none that is good (where the gateway asks for keys).';
const OVER = 'The key has been answered all it may have for now; Retry-After says how long.';
const LACKS_SCOPE = 'This takes a key with the admin scope.';
/** What any route may answer. */
const AWAY = 'A part that this answer needs is away; Retry-After says when asking again can help.';

/** The OpenAPI 3.1 description of these routes. Schemas are those that requests are judged by. */
export function describeApi(groups: readonly RouteGroup[]) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Candlekeep',
      version: '1',
      description:
        'The gateway’s own API. Beside it, /v1 and /websocket/v1 are as the exchange documents them. ' +
        'Every refusal is problem details: 404 where there is nothing, 405 with Allow where the method is wrong, ' +
        '414 where the URL is longer than 8 KB, 431 where URL and headers are longer than 16 KB, 400 for what is no HTTP.',
    },
    security: [{ [KEY]: [] }],
    tags: groups.map(({ tag, description }) => ({ name: tag, description })),
    paths: pathsOf(groups),
    components: { schemas: schemasOf(groups), securitySchemes: { [KEY]: BEARER } },
  };
}

function pathsOf(groups: readonly RouteGroup[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { tag, routes } of groups) {
    for (const route of routes) {
      paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, tag) };
    }
  }
  return paths;
}

function operationOf(route: ApiRoute, tag: string) {
  const { operationId, summary, parameters = [], body, answers, problems } = route;
  const said = Object.entries(answers).map(
    ([status, answer]) => [status, answerOf(answer)] as const,
  );
  const always = { ...(body === undefined ? {} : { 413: TOO_LONG }), 503: AWAY };
  const { scope } = demandOf(route.method.toUpperCase(), route.path);
  const kept = { 401: NO_KEY, ...(scope === 'admin' ? { 403: LACKS_SCOPE } : {}), 429: OVER };
  const refused = Object.entries({ ...kept, ...problems, ...always }).map(
    ([status, why]) => [status, problemOf(Number(status), why)] as const,
  );
  return {
    ...{ operationId, summary, tags: [tag] },
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterOf) }),
    ...(body === undefined ? {} : { requestBody: requestOf(body) }),
    responses: Object.fromEntries<unknown>([...said, ...refused]),
  };
}

function parameterOf({ schema, required, ...parameter }: ApiParameter) {
  const isRequired = required ?? parameter.in === 'path';
  return { ...parameter, required: isRequired, schema: inlineSchema(schema) };
}

function requestOf({ schema, examples }: NonNullable<ApiRoute['body']>) {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }] as const);
  const content = { schema: reference(schema), examples: Object.fromEntries(named) };
  return { required: true, content: { 'application/json': content } };
}

function answerOf(answer: ApiAnswer) {
  const { description, headers = {} } = answer;
  const said = Object.entries(headers).map(
    ([name, what]) => [name, { description: what, schema: { type: 'string' } }] as const,
  );
  const heads = said.length === 0 ? {} : { headers: Object.fromEntries(said) };
  const content = contentOf(answer);
  return { description, ...heads, ...(Object.keys(content).length === 0 ? {} : { content }) };
}

function contentOf({ schema, isList = false, example, types = [] }: ApiAnswer) {
  const others = types.map((type) => [type, { schema: { type: 'string' } }] as const);
  if (schema === undefined) return Object.fromEntries<unknown>(others);
  const shape = isList ? { type: 'array', items: reference(schema) } : reference(schema);
  const json = { schema: shape, ...(example === undefined ? {} : { example }) };
  return Object.fromEntries<unknown>([['application/json', json], ...others]);
}

function problemOf(status: number, description: string) {
  const example = problemExample(status, description);
  return { description, content: { [PROBLEM_TYPE]: { schema: reference(PROBLEM), example } } };
}

function reference(schema: string) {
  return { $ref: `#/components/schemas/${schema}` };
}

/** All named shapes, which may speak of one another. */
function schemasOf(groups: readonly RouteGroup[]) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of [
    [PROBLEM, problemSchema] as const,
    ...groups.flatMap(({ schemas }) => Object.entries(schemas)),
  ]) {
    registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, withoutOrigin(schema)]),
  );
}

function inlineSchema(schema: z.ZodType) {
  return withoutOrigin(z.toJSONSchema(schema, { io: 'input' }));
}

/** Within this document a schema has the document's dialect and no address of its own. */
function withoutOrigin(schema: object): object {
  return Object.fromEntries(
    Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'),
  );
}
