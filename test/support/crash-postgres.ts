import { freePort } from '../../src/database/embedded/free-port.js';
import { launchServer } from '../../src/database/embedded/launch-server.js';
import { openCluster, type Cluster } from '../../src/database/embedded/cluster.js';
import { SILENCE } from '../../src/database/embedded/reports.js';
import { stopServer } from '../../src/database/embedded/postmaster-process.js';
import { ensureRolesAndDatabase } from '../../src/database/embedded/roles-and-database.js';
import { openSuperuserSession, serverUrl } from '../../src/database/embedded/superuser-session.js';
import { query } from './queries.js';
import { serverProcesses, TestFolder } from './test-folder.js';

/** A PostgreSQL that the test stops, freezes and starts again, always on the same port, as somebody else's server would be. */
export class ComingAndGoing {
  private pid = 0;

  private constructor(
    private readonly folder: TestFolder,
    private readonly cluster: Cluster,
    private readonly port: number,
  ) {}

  static async begin(): Promise<ComingAndGoing> {
    const folder = await TestFolder.make();
    const cluster = await openCluster({ folder: folder.path, settings: {}, log: SILENCE });
    const server = new ComingAndGoing(folder, cluster, await freePort());
    await server.start();
    const session = await openSuperuserSession(cluster, server.port);
    await ensureRolesAndDatabase(session.client, cluster.passwords);
    await session.client.end();
    return server;
  }

  /** What the service is given to find it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: serverUrl('service', this.cluster, this.port),
      DATABASE_MIGRATION_URL: serverUrl('owner', this.cluster, this.port),
    };
  }

  async start(): Promise<void> {
    const outcome = await launchServer(this.cluster, { port: this.port, log: SILENCE });
    if (outcome.kind !== 'ready') throw new Error(`PostgreSQL did not start: ${JSON.stringify(outcome)}`);
    this.pid = outcome.pid;
  }

  /** In order: whoever is connected is sent away. */
  stop(): Promise<void> {
    return stopServer(this.pid, this.cluster.mark);
  }

  /** From one moment to the next, as the power goes. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
    await stopServer(this.pid, this.cluster.mark);
  }

  /** It accepts connections and answers nothing, as a machine does that hangs, or behind a broken network. */
  freeze(): Promise<void> {
    return this.signal('SIGSTOP');
  }

  thaw(): Promise<void> {
    return this.signal('SIGCONT');
  }

  /** Ends every connection of the service; resolves with how many there were. */
  async terminateConnections(): Promise<number> {
    const rows = await this.ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'standpoint'`,
    );
    return rows.length;
  }

  /** How many connections the service has. */
  async connections(): Promise<number> {
    const rows = await this.ask(`SELECT 1 FROM pg_stat_activity WHERE usename = 'standpoint'`);
    return rows.length;
  }

  async end(): Promise<void> {
    await this.thaw();
    await this.stop();
    await this.folder.remove();
  }

  private ask(sql: string): Promise<unknown[]> {
    return query(serverUrl('superuser', this.cluster, this.port), sql);
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await serverProcesses(this.pid)) {
      try {
        process.kill(pid, signal);
      } catch {
        // it has ended meanwhile
      }
    }
  }
}
