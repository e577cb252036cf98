import type { Socket } from 'node:net';
import {
  type Holder,
  type KnownKeys,
  openPrincipal,
  type Principal,
  type SessionBook,
} from '@candlekeep/access';
import type { FastifyRequest } from 'fastify';
import type { QueryKeys } from './query-key';
import { readSession } from './session-cookie';

/** Who came, and what is wrong with what was shown, if something is. */
export interface Caller {
  readonly principal: Principal;
  /** Of a program that has shown its key. */
  readonly holder?: Holder;
  readonly objection?: 'wrong key' | 'query key';
}

export interface CallersParts {
  readonly keys: Pick<KnownKeys, 'find' | 'named' | 'reading'>;
  readonly sessions: Pick<SessionBook, 'find'>;
  readonly queryKeys: Pick<QueryKeys, 'of'>;
  /** Whether `?key=` counts. */
  readonly takesQueryKeys: boolean;
}

interface Shown {
  readonly authorization: string;
  readonly reading: number;
  readonly caller: Caller;
}

type Asked = Pick<FastifyRequest, 'headers'> & { readonly raw: FastifyRequest['raw'] };

const BEARER = /^Bearer +(\S+) *$/i;
const NOBODY: Caller = { principal: openPrincipal() };
const WRONG: Caller = { ...NOBODY, objection: 'wrong key' };
const IN_QUERY: Caller = { ...NOBODY, objection: 'query key' };

/** Tells who comes by what is shown: a key, or the session of a person who has logged in. */
export class Callers {
  /** What was shown last on a connection, and who that was: the same again is not hashed again until the keys are read again. */
  private readonly shown = new WeakMap<Socket, Shown>();

  constructor(private readonly parts: CallersParts) {}

  /** At once, unless a session has to be looked up. Somebody without any scope for who shows nothing, or nothing good. */
  of({ headers, raw }: Asked): Caller | Promise<Caller> {
    const { authorization } = headers;
    if (authorization !== undefined) return this.byHeader(authorization, raw.socket);
    const queryKey = this.parts.queryKeys.of(raw);
    if (queryKey !== undefined) {
      return this.parts.takesQueryKeys ? this.byKey(queryKey) : IN_QUERY;
    }
    const session = readSession({ headers });
    return session === undefined ? NOBODY : this.bySession(session);
  }

  /** Who asks to follow the stream: programs alone do, so sessions do not count. */
  ofUpgrade(authorization: string | undefined, queryKey: string | undefined): Caller {
    if (authorization !== undefined) return this.byKey(BEARER.exec(authorization)?.[1]);
    if (queryKey === undefined) return NOBODY;
    return this.parts.takesQueryKeys ? this.byKey(queryKey) : IN_QUERY;
  }

  private byHeader(authorization: string, socket: Socket): Caller {
    const { reading } = this.parts.keys;
    const last = this.shown.get(socket);
    // Who can measure how long this takes has itself shown what it is held against.
    if (last?.authorization === authorization && last.reading === reading) return last.caller;
    const caller = this.byKey(BEARER.exec(authorization)?.[1]);
    this.shown.set(socket, { authorization, reading, caller });
    return caller;
  }

  private byKey(text: string | undefined): Caller {
    const holder = text === undefined ? undefined : this.parts.keys.find(text);
    return holder === undefined ? WRONG : { principal: holder.principal, holder };
  }

  /** A session ends with the key that it was opened with. */
  private async bySession(token: string): Promise<Caller> {
    const keyId = await this.parts.sessions.find(token);
    const holder = keyId === undefined ? undefined : this.parts.keys.named(keyId);
    if (holder === undefined) return NOBODY;
    return { principal: { ...holder.principal, kind: 'session' } };
  }
}
