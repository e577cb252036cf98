import type { z } from 'zod';

export type Method = 'get' | 'put' | 'post' | 'delete';

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  /** Default: what stands in the path. */
  readonly required?: boolean;
  readonly schema: z.ZodType;
}

export interface ApiAnswer {
  readonly description: string;
  /** Name of a schema of the group; none when there is no body. */
  readonly schema?: string;
  /** Whether the body is a list of these. */
  readonly isList?: boolean;
  readonly example?: unknown;
  /** Further forms of the body, which are no JSON. */
  readonly types?: readonly string[];
  /** Header names with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiRoute {
  readonly method: Method;
  /** `/api/strategies/{id}`. */
  readonly path: string;
  /** Unique in the whole document. */
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly ApiParameter[];
  readonly body?: { readonly schema: string; readonly examples: Readonly<Record<string, unknown>> };
  readonly answers: Readonly<Record<number, ApiAnswer>>;
  /** Statuses that are answered with problem details, and when. */
  readonly problems: Readonly<Record<number, string>>;
}

/** Routes that belong together, with the shapes they speak of. */
export interface RouteGroup {
  readonly tag: string;
  readonly description: string;
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  readonly routes: readonly ApiRoute[];
}
