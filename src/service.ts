import 'reflect-metadata';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { Authenticator } from './access/authenticator.js';
import { Door } from './access/door.js';
import { adminToken, TOKEN_FILE } from './access/first-token.js';
import { Guessing } from './access/limits/guessing.js';
import { limitRequestRates } from './access/limits/request-rates.js';
import { AccessLog } from './access/log/access-log.js';
import { LoginLinks } from './access/sessions/login-links.js';
import { AppModule, ENTITIES } from './app.module.js';
import { createDataSource, createPool } from './database/data-source.js';
import { describeService } from './describe-service.js';
import { Dossiers } from './dossiers/dossiers.js';
import { REAL_SURROUNDINGS } from './dossiers/surroundings.js';
import { BodyChecker } from './http/body-checker.js';
import { showApi } from './http/api-page.js';
import { serveDesk } from './http/desk.js';
import { protect } from './http/protection.js';
import { createServer } from './http/server.js';
import { logRequests } from './operating/request-log.js';
import { ServiceLog, type Logs } from './operating/service-log.js';
import { EXAMPLE, loadExample } from './recording/import/load-example.js';
import type { Settings } from './settings.js';
import type { Shutdown } from './shutdown.js';
import { PROJECT_ROOT, VERSION } from './version.js';

const logger = new Logger('Standpoint');

/** Where the build leaves the pages, as bytes that browsers load. */
const DESK = new URL('dist/web/', PROJECT_ROOT);

/** Milliseconds for what is in flight when the service is asked to stop; Docker kills after 10 s, and PostgreSQL is still to be stopped. */
const FINISH = 5_000;

export interface Start {
  readonly settings: Settings;
  /** Of a database that is open. */
  readonly databaseUrl: string;
  readonly logs: Logs;
  readonly shutdown: Shutdown;
}

/** Resolves once the service listens and has said so. */
export async function startService({ settings, databaseUrl, logs, shutdown }: Start): Promise<void> {
  const pool = createPool(databaseUrl);
  shutdown.before(() => pool.end());
  const dataSource = await createDataSource(databaseUrl, ENTITIES).initialize();
  shutdown.before(() => dataSource.destroy());
  const app = await createApp(settings, logs, pool, dataSource);
  shutdown.before(() => close(app));
  shutdown.complain = (error) => logger.error(error);
  const example = settings.example && (await loadExampleInto(app));
  await app.listen(settings.port, settings.host);
  announce(await app.getUrl(), settings, example, await firstLogin(app));
}

async function createApp(
  settings: Settings,
  { reports, requests }: Logs,
  pool: pg.Pool,
  dataSource: DataSource,
): Promise<NestFastifyApplication> {
  const { trustedProxies, allowedOrigins, limits } = settings;
  const adapter = createServer({ ...limits, trustedProxies, newId: REAL_SURROUNDINGS.newId });
  const server = adapter.getInstance();
  const token = await adminToken(settings.adminToken, settings.dataFolder);
  const module = AppModule.register({
    pool,
    dataSource,
    adminToken: token,
    limits,
    issuer: settings.issuer,
    dataFolder: settings.dataFolder,
    witnesses: settings.witnesses,
    surroundings: REAL_SURROUNDINGS,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new ServiceLog(reports),
  });
  const guessing = new Guessing(app.get(Authenticator), limits.failedLogins);
  guessing.turnAway(server);
  await protect(server, { allowedOrigins });
  app.get(Door).guard(server);
  await limitRequestRates(server, limits);
  guessing.count(server);
  logRequests(server, requests);
  const document = describeService(app);
  app.get(BodyChecker).use(document);
  showApi(app, document);
  await serveDesk(server, DESK);
  return app.init();
}

/** Finishes what is in flight. Whoever neither sends nor takes the rest of it, such as a stream that nobody reads, is cut off: it would never end. */
async function close(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance().server;
  const idle = setInterval(() => server.closeIdleConnections(), 50); // Node closes those that are idle now, not those that will be when they have their answer
  const late = setTimeout(() => server.closeAllConnections(), FINISH);
  await app.close().finally(() => {
    clearInterval(idle);
    clearTimeout(late);
  });
}

function loadExampleInto(app: NestFastifyApplication): Promise<boolean> {
  const file = new URL('example/april-2025-talks.ndjson', PROJECT_ROOT);
  return loadExample(file, app.get(CommandBus), app.get(Dossiers));
}

/** Until there is another user, a start shows the way in without a token at hand. It may stand in a log: it works once, and not for long. */
async function firstLogin(app: NestFastifyApplication): Promise<string | null> {
  if (app.get(AccessLog).state.users.size > 1) return null;
  return (await app.get(LoginLinks).make(app.get(Authenticator).firstAdministrator)).path;
}

function announce(
  url: string,
  { adminToken: given, dataFolder }: Settings,
  example: boolean,
  login: string | null,
): void {
  const lines = [
    `Standpoint ${VERSION} listening on ${url}`,
    `  API documentation  ${url}/docs`,
    ...(example ? [`  example dossier    ${url}/api/v1/dossiers/${EXAMPLE.slug}/positions`] : []),
    ...(login === null ? [] : [`  log in, once       ${url}${login}`]),
    `  token              ${given === null ? `in ${join(dataFolder, TOKEN_FILE)}` : 'as STANDPOINT_ADMIN_TOKEN says'}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
