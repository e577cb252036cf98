import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import fastify from 'fastify';

type Headers = Readonly<Record<string, string>>;

/** Headers that keep browsers, and caches that know nothing of logins, from doing with an answer what nobody meant. */
export interface SecurityHeaders {
  /** Of answers for programs: a browser that shows one runs nothing in it. */
  readonly answers: Headers;
  /** Of pages: everything from here, nothing written into the page itself. Who needs more says so with the page. */
  readonly pages: Headers;
}

/** TLS ends before us, so it is for whoever ends it to promise it. */
const shared = {
  ...{ strictTransportSecurity: false, crossOriginEmbedderPolicy: false },
  // Of browsers that are long gone.
  ...{ xDownloadOptions: false, xXssProtection: false, xPermittedCrossDomainPolicies: false },
} as const;

/** What helmet makes of our choices. Asked once: made for each answer it would take longer than most answers. */
export async function securityHeaders(): Promise<SecurityHeaders> {
  const answers = await headersOf({
    ...shared,
    contentSecurityPolicy: policy({ defaultSrc: ["'none'"], frameAncestors: ["'none'"] }),
    ...{ xDnsPrefetchControl: false, xFrameOptions: false },
    ...{ originAgentCluster: false, crossOriginOpenerPolicy: false },
  });
  const own = ["'self'"];
  const none = ["'none'"];
  const pages = await headersOf({
    ...shared,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: policy({
      ...{ defaultSrc: none, scriptSrc: own, styleSrc: own, imgSrc: own, connectSrc: own },
      ...{ formAction: own, baseUri: none, frameAncestors: none },
    }),
  });
  return {
    answers: { ...answers, 'cache-control': 'no-store' },
    pages: { ...pages, 'cache-control': 'no-cache' },
  };
}

function policy(directives: Readonly<Record<string, string[]>>) {
  return { useDefaults: false, directives };
}

async function headersOf(options: FastifyHelmetOptions): Promise<Headers> {
  const asked = fastify();
  await asked.register(helmet, options);
  asked.get('/', (_request, reply) => reply.send());
  const { headers } = await asked.inject('/');
  await asked.close();
  const theirs = ['content-length', 'connection', 'date'];
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !theirs.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}
