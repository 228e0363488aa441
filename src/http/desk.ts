import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Addresses that are pages. Whatever else nobody serves stays a refusal: a mistyped address of the API must not answer with a page. */
const PAGES = ['/', '/d/*', '/users', '/users/*', '/not-logged-in'];

/** Files whose names say what is in them; a browser need never ask again. */
const HASHED = '/assets/';

const A_YEAR = 31_536_000_000;

/** Serves the pages, where they have been built. Call it before the routes are made. */
export async function serveDesk(server: FastifyInstance, folder: URL): Promise<void> {
  const page = await readFile(new URL('index.html', folder), 'utf8').catch(() => null);
  if (page === null) return;
  // Not awaited: that would begin to load the routes, before it is settled how what goes wrong in them is answered.
  void server.register(statics, {
    root: fileURLToPath(new URL('assets/', folder)),
    prefix: HASHED,
    decorateReply: false, // the API's page has registered the plugin as well
    index: false,
    immutable: true,
    maxAge: A_YEAR,
  });
  for (const url of PAGES)
    server.get(url, { config: { needs: 'nothing' } }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-cache').send(page),
    );
}
