import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** What happens to the next query that has a text in it. */
export type Fate =
  /** Neither side hears of the other again, and the server never sees the query. */
  | 'query-lost'
  /** The server carries it out; its answer is lost with the connection. */
  | 'answer-lost'
  /** The connection is lost at once; the server gets the query only when the next one like it has been sent, and before that. */
  | 'query-late';

/** Stands between a client and PostgreSQL, and breaks connections when it is told to. */
export class Proxy {
  private readonly fates: Fate[] = [];
  private readonly sockets = new Set<Socket>();
  private late: { server: Socket; query: Buffer } | null = null;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly marks: string,
  ) {}

  /** `marks`: the text that a query must hold to be met by a fate. */
  static async open(target: string, marks: string): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, new URL(target), marks);
    server.on('connection', (client) => proxy.accept(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`; // holds: it listens on TCP
    return url.href;
  }

  /** The fates of the next queries, in order; later ones go through. */
  meet(...fates: Fate[]): void {
    this.fates.push(...fates);
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    let fate: Fate | undefined;
    client.on('data', (data: Buffer) => {
      if (!data.includes(this.marks)) return void server.write(data);
      fate = this.fates.shift();
      if (fate === undefined) return void this.sendLate().then(() => server.write(data));
      if (fate === 'answer-lost') server.write(data);
      else if (fate === 'query-late') this.late = { server, query: data };
      if (fate !== 'answer-lost') client.destroy();
      if (fate === 'query-lost') server.destroy();
    });
    server.on('data', (data: Buffer) => {
      if (fate === undefined) client.write(data);
      else client.destroy();
    });
    client.on('close', () => fate === 'query-late' || server.end());
    server.on('close', () => client.destroy());
  }

  private async sendLate(): Promise<void> {
    if (this.late === null) return;
    const { server, query } = this.late;
    this.late = null;
    server.write(query);
    await once(server, 'data');
    server.destroy();
  }
}
