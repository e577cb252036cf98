import { AsyncLocalStorage } from 'node:async_hooks';

const context = new AsyncLocalStorage<string>();

/** Does `work`, and all that it waits for, in the name of a request: each line that is logged there carries the id. */
export function withRequestId<T>(id: string | undefined, work: () => T): T {
  return id === undefined ? work() : context.run(id, work);
}

/** The id of the request that is being worked for; undefined where nobody asked. */
export function currentRequestId(): string | undefined {
  return context.getStore();
}
