import { z } from 'zod';
import type { ApiParameter, RouteGroup } from './route-group';
import { strategyExamples as examples } from './strategy-examples';
import { strategySchemas } from './strategy-schemas';

const BAD_BODY = 'The document is refused: every wrong field is named.';
const NOT_JSON = 'The body must be application/json.';
const UNREADABLE = 'Another version kept it, and this one does not take its document.';
const NONE = 'There is no strategy of that name.';

const id: ApiParameter = {
  ...{ name: 'id', in: 'path', description: 'The strategy’s name.' },
  schema: z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/),
};
const isActive: ApiParameter = {
  ...{ name: 'isActive', in: 'query' },
  description:
    'Activates or deactivates it in the same step; a new one is inactive, a known one as it was.',
  schema: z.enum(['true', 'false']),
};
const startUpError: ApiParameter = {
  ...{ name: 'startUpError', in: 'query' },
  description:
    'How much of a value may come from candles that are not looked at; 0.001 when left out.',
  schema: z.number().min(1e-12).lt(1),
};
const located = { Location: 'Where to look at it.' };

/** `/api/strategies`. */
export const strategyRoutes: RouteGroup = {
  tag: 'strategies',
  description:
    'What traders’ rules look at. What active strategies need is brought before it is asked.',
  schemas: strategySchemas,
  routes: [
    {
      ...{ method: 'get', path: '/api/strategies', operationId: 'listStrategies' },
      summary: 'All strategies, by name.',
      answers: {
        200: {
          ...{ description: 'The strategies.', schema: 'StrategySummary', isList: true },
          example: [examples.summary, examples.unreadable],
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/strategies/{id}', operationId: 'getStrategy' },
      ...{ summary: 'A strategy, as it was given and as it was read.', parameters: [id] },
      answers: {
        200: { description: 'The strategy.', schema: 'StrategyView', example: examples.view },
      },
      problems: { 404: NONE, 409: UNREADABLE },
    },
    {
      ...{ method: 'put', path: '/api/strategies/{id}', operationId: 'putStrategy' },
      ...{ summary: 'Keeps a strategy under a name, in either form.', parameters: [id, isActive] },
      body: { schema: 'Strategy', examples: examples.documents },
      answers: {
        200: {
          ...{ description: 'A known one was replaced.', schema: 'StrategyView', headers: located },
          example: examples.view,
        },
        201: { description: 'It is new.', schema: 'StrategyView', headers: located },
      },
      problems: { 400: BAD_BODY, 415: NOT_JSON },
    },
    {
      ...{ method: 'delete', path: '/api/strategies/{id}', operationId: 'deleteStrategy' },
      ...{
        summary: 'Deletes a strategy, and ends what is being brought for it.',
        parameters: [id],
      },
      answers: { 204: { description: 'It is gone.' } },
      problems: { 404: NONE },
    },
    ...switches(),
    {
      ...{ method: 'get', path: '/api/strategies/{id}/needs', operationId: 'explainNeeds' },
      ...{ summary: 'What it needs, and why each number.', parameters: [id, startUpError] },
      answers: {
        200: { description: 'Its needs.', schema: 'StrategyNeeds', example: examples.needs },
      },
      problems: { 400: 'The start-up error is no share.', 404: NONE, 409: UNREADABLE },
    },
  ],
};

function switches(): RouteGroup['routes'] {
  return [
    {
      ...{ method: 'post', path: '/api/strategies/{id}/activate', operationId: 'activateStrategy' },
      ...{ summary: 'Activates a strategy, and brings what it needs at once.', parameters: [id] },
      answers: {
        202: {
          ...{
            description:
              'The run that brings it, a new one or the one that is under way: asking twice is asking once.',
            schema: 'PreloadRun',
            example: examples.run,
          },
          headers: { Location: 'Where to watch the run.' },
        },
      },
      problems: { 404: NONE, 409: UNREADABLE, 415: NOT_JSON },
    },
    {
      ...{ method: 'post', path: '/api/strategies/{id}/deactivate' },
      operationId: 'deactivateStrategy',
      ...{ summary: 'Deactivates a strategy, and ends what is being brought.', parameters: [id] },
      answers: { 200: { description: 'The strategy.', schema: 'SwitchedStrategy' } },
      problems: { 404: NONE, 415: NOT_JSON },
    },
  ];
}
