import { FastifyAdapter } from '@nestjs/platform-fastify';
import { acceptContentTypes, SERVER_OPTIONS } from './content-types.js';
import { limitSlowness } from './slow-requests.js';

export interface ServerOptions {
  readonly newId: () => string;
  readonly trustedProxies: readonly string[];
  readonly bodyBytes: number;
  readonly largeBodyBytes: number;
  readonly requestSeconds: number;
}

/** Milliseconds between two looks for connections whose headers do not arrive. */
const CHECKING = 5_000;

/** The HTTP server before it has routes: what it reads and how long it waits. */
export function createServer(options: ServerOptions): FastifyAdapter {
  const { newId, trustedProxies, bodyBytes, largeBodyBytes, requestSeconds } = options;
  const adapter = new FastifyAdapter({
    ...SERVER_OPTIONS,
    bodyLimit: bodyBytes,
    genReqId: newId,
    http: { connectionsCheckingInterval: CHECKING },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
  });
  const server = adapter.getInstance();
  acceptContentTypes(server, largeBodyBytes);
  limitSlowness(server, requestSeconds);
  return adapter;
}
