import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance } from 'fastify';

export interface ProtectionOptions {
  /** Origins of other sites whose pages may ask with a token; none: browsers let no other site read an answer. */
  readonly allowedOrigins: readonly string[];
}

/** What tells browsers not to trust answers with more than they need. Pages are ours alone: no inline code, no other site, no frame. */
const POLICY = {
  'default-src': ["'none'"],
  'object-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** Headers that no browser of our days heeds, or that say what is so without them: each answer would carry them. */
const OBSOLETE = {
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} as const;

/** What browsers may know of an answer that another site's page asked for. */
const EXPOSED = [
  'ETag',
  'Retry-After',
  'X-Request-Id',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
];

/** Call it before the routes are made. */
export async function protect(server: FastifyInstance, { allowedOrigins }: ProtectionOptions): Promise<void> {
  const always = { ...(await helmetHeaders()), 'cache-control': 'no-store' }; // what is not for everybody is kept nowhere unless a route says otherwise
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(always).header('x-request-id', request.id);
    done();
  });
  if (allowedOrigins.length > 0)
    await server.register(cors, {
      origin: [...allowedOrigins],
      credentials: false, // a token, never a cookie: sessions are for our own pages
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: EXPOSED,
      maxAge: 600,
    });
}

/** What helmet tells browsers, which is the same with every answer: worked out once, and not anew for each. */
async function helmetHeaders(): Promise<Record<string, string>> {
  const answering = fastify();
  await answering.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    frameguard: { action: 'deny' },
    crossOriginEmbedderPolicy: false, // nothing here needs to be isolated, and images in data: URLs need not say who may show them
    ...OBSOLETE,
  });
  answering.get('/', (_request, reply) => reply.send());
  const { headers } = await answering.inject('/');
  const { connection: _connection, date: _date, 'content-length': _length, ...told } = headers;
  await answering.close();
  return told as Record<string, string>; // holds: what helmet sets are texts
}
