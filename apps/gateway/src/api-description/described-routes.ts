import { apiRoutes } from './api-routes';
import { accessRoutes } from './access-routes';
import { candleRoutes } from './candle-routes';
import { historyRoutes } from './history-routes';
import { knowledgeRoutes } from './knowledge-routes';
import { logLevelRoutes } from './log-level-routes';
import { operationRoutes } from './operation-routes';
import { patternRoutes } from './pattern-routes';
import { preloadRoutes } from './preload-routes';
import type { RouteGroup } from './route-group';
import { strategyRoutes } from './strategy-routes';
import { streamRoutes } from './stream-routes';

/** Every route that is described, one file a group. */
export const describedRoutes: readonly RouteGroup[] = [
  candleRoutes,
  knowledgeRoutes,
  streamRoutes,
  strategyRoutes,
  preloadRoutes,
  patternRoutes,
  historyRoutes,
  operationRoutes,
  apiRoutes,
  accessRoutes,
  logLevelRoutes,
];
