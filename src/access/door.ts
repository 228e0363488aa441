import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { unauthenticated, type Admission, type Entry } from './admission.js';
import type { Authenticator, Credential } from './authenticator.js';
import { bearerOf } from './bearer.js';
import type { Permission } from './roles.js';
import { isFromOurPages, requireOurPages } from './sessions/own-pages.js';
import { sessionSecretOf } from './sessions/session-cookie.js';
import type { Sessions } from './sessions/sessions.js';

/** What plugins of the framework serve to anyone: the API's documentation, and the files of which pages are made. */
const OF_THE_FRAMEWORK = /^\/(docs(-yaml)?|docs\/.*|assets\/\*?|api\/v1\/openapi\.json)$/;

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Stands before every route: who asks, and whether they may, is settled before anything of the body is read. Whoever sends a token (RFC 6750)
 * is let in or refused without a query; whoever sends one of an issuer's for the first time waits until it has been verified.
 */
export class Door {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly sessions: Sessions,
    private readonly admission: Admission,
  ) {}

  /** Call it before the routes are made. Throws, and so stops the start, where one does not say what it needs. */
  guard(server: FastifyInstance): void {
    server.addHook('onRoute', requireDeclaration);
    server.decorateRequest('entry');
    server.addHook('onRequest', (request, reply, done) => {
      const { needs } = request.routeOptions.config;
      if (needs === undefined || needs === 'nothing') return done();
      try {
        const entry = this.enter(request, reply, needs);
        if (entry instanceof Promise) return void enterLater(request, entry, done);
        request.entry = entry;
        return done();
      } catch (error) {
        done(error as Error); // holds: nothing here throws anything else
      }
    });
  }

  private enter(
    request: FastifyRequest,
    reply: FastifyReply,
    needs: Exclude<Permission, 'nothing'>,
  ): Entry | Promise<Entry> {
    const { dossier } = request.params as { dossier?: string }; // holds: Fastify's parameters are texts by name
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const secret = sessionSecretOf(request);
      return secret === null
        ? this.admission.admit(needs, null, dossier)
        : this.enterBySession(request, needs, secret, dossier);
    }
    const token = bearerOf(request);
    const credential = token === null ? null : this.authenticator.byBearer(token);
    return credential instanceof Promise
      ? credential.then((known) => this.enterByToken(reply, needs, known, dossier))
      : this.enterByToken(reply, needs, credential, dossier);
  }

  private enterByToken(
    reply: FastifyReply,
    needs: Exclude<Permission, 'nothing'>,
    credential: Credential | null,
    dossier: string | undefined,
  ): Entry | Promise<Entry> {
    if (credential !== null) return this.admission.admit(needs, credential, dossier);
    void reply.header('WWW-Authenticate', 'Bearer realm="standpoint", error="invalid_token"');
    throw unauthenticated();
  }

  /** A browser sends its cookie whoever made it ask: what changes something must come from a page of ours. */
  private async enterBySession(
    request: FastifyRequest,
    needs: Exclude<Permission, 'nothing'>,
    secret: string,
    dossier: string | undefined,
  ): Promise<Entry> {
    if (!READING.has(request.method) && !isFromOurPages(request)) throw requireOurPages();
    return this.admission.admit(needs, await this.bySession(secret), dossier);
  }

  /** A session holds as long as the token that it was exchanged for. */
  private async bySession(secret: string): Promise<Credential | null> {
    const session = await this.sessions.find(secret);
    const credential = session && this.authenticator.byDigest(session.tokenDigest);
    return credential && { ...credential, sessionEnds: session.expiresAt };
  }
}

async function enterLater(
  request: FastifyRequest,
  entry: Promise<Entry>,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    request.entry = await entry;
  } catch (error) {
    return done(error as Error); // holds: what it awaits rejects with nothing else
  }
  return done();
}

function requireDeclaration({ config, method, url }: RouteOptions): void {
  if (config?.needs === undefined && !OF_THE_FRAMEWORK.test(url))
    throw new Error(`${String(method)} ${url} does not say what it needs: add @Needs.`);
}
