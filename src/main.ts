import { DatabaseError } from './database/database-error.js';
import { EmbeddedPostgresError } from './database/embedded/embedded-postgres-error.js';
import { readSettings, SettingError } from './settings.js';
import { Shutdown } from './shutdown.js';

/** What is large is loaded when it is needed: a wrong setting is told at once, and the database opens while the service is being loaded. */
async function start(shutdown: Shutdown): Promise<void> {
  const settings = readSettings(process.env);
  const [{ openLogs }, { tellWhatEndsUs }, { openDatabase }] = await Promise.all([
    import('./operating/service-log.js'),
    import('./operating/last-words.js'),
    import('./database/open-database.js'),
  ]);
  const logs = openLogs(settings.logLevel);
  tellWhatEndsUs(logs);
  shutdown.before(() => logs.written());
  const opening = openDatabase(settings, logs.reports.child({ part: 'PostgreSQL' })).then((database) => {
    shutdown.before(() => database.close());
    return database;
  });
  const [{ url }, { startService }] = await Promise.all([opening, import('./service.js')]);
  await startService({ settings, databaseUrl: url, logs, shutdown });
}

/** What whoever starts the service is told: one line where it is theirs to mend, the whole story where it is ours. */
function explain(error: unknown): string {
  if (
    error instanceof SettingError ||
    error instanceof DatabaseError ||
    error instanceof EmbeddedPostgresError
  )
    return error.message;
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'EADDRINUSE') return 'PORT: another program is listening there.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function tell(error: unknown): void {
  process.stderr.write(`standpoint: ${explain(error)}\n`);
}

const shutdown = new Shutdown(tell);
try {
  await start(shutdown);
} catch (error) {
  tell(error);
  await shutdown.run();
  process.exit(1);
}
