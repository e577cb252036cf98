import { patternRoutes } from './pattern-routes';
import { preloadRoutes } from './preload-routes';
import type { RouteGroup } from './route-group';
import { strategyRoutes } from './strategy-routes';

/** Every route that is described, one file a group. */
export const describedRoutes: readonly RouteGroup[] = [
  strategyRoutes,
  preloadRoutes,
  patternRoutes,
];
