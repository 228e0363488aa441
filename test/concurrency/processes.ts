import { CrashClient } from '../support/crash-client.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TOKEN = 'a-token-that-all-processes-know';

/** Service processes on one database, which come, are killed and come again. */
export class Processes {
  private readonly services: Service[] = [];
  private readonly clients: CrashClient[] = [];

  private constructor(readonly database: TestDatabase) {}

  static async begin(count: number): Promise<Processes> {
    const processes = new Processes(await createTestDatabase());
    await processes.growTo(count);
    return processes;
  }

  async growTo(count: number): Promise<void> {
    while (this.services.length < count) this.services.push(await this.start());
  }

  get count(): number {
    return this.services.length;
  }

  service(number: number): Service {
    const service = this.services[number % this.count];
    if (service === undefined) throw new Error('No process was started.');
    return service;
  }

  /** A client whose requests go to one process after the other: a repeated request meets another process. */
  everyone(): CrashClient {
    let turn = 0;
    return this.client(() => this.service(turn++).url);
  }

  /** A client of one process, of whichever has its number at the moment. */
  only(number: number): CrashClient {
    return this.client(() => this.service(number).url);
  }

  async kill(number: number): Promise<void> {
    await this.service(number).process.stop('SIGKILL');
  }

  async restart(number: number): Promise<void> {
    this.services[number] = await this.start();
  }

  async end(): Promise<void> {
    this.clients.forEach((client) => client.close());
    await Promise.all(this.services.map(({ process }) => process.stop('SIGKILL')));
    await this.database.drop();
  }

  private client(address: () => string): CrashClient {
    const client = new CrashClient(address, TOKEN);
    this.clients.push(client);
    return client;
  }

  private start(): Promise<Service> {
    return Service.start({ database: this.database, token: TOKEN });
  }
}
