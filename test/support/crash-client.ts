import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Sent {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Milliseconds in which every request must have been answered or broken off, whatever has been killed: nothing may hang. The service gives
 * up on a database that does not answer after 35 s, and a reader waits 15 s for a projection.
 */
const PATIENCE = Number(process.env['STANDPOINT_PATIENCE'] ?? 60_000);

/** A client of a service that comes and goes: where the connection breaks it says so instead of throwing. */
export class CrashClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity });

  /** `address`: where the service listens at the moment. */
  constructor(
    private readonly address: () => string,
    private readonly token: string,
  ) {}

  /** Null: there was no whole answer, so nobody can tell what became of it. Rejects if it hangs. */
  async send(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Answer | null> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const outgoing = this.open(method, path, { ...json, ...headers });
    const answer = whole(outgoing);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${method} ${path} hangs`)), PATIENCE);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
      outgoing.destroy();
    }
  }

  /** What is read there; rejects unless it is answered with 200. */
  async read<Body>(path: string): Promise<Body> {
    const answer = await this.send('GET', path);
    if (answer?.status !== 200) throw new Error(`${path}: ${answer?.status} ${answer?.text}`);
    return JSON.parse(answer.text) as Body; // holds: as the caller says
  }

  /** What a write answers; rejects unless it was carried out. */
  async write<Body>(path: string, body: unknown, headers: Sent['headers'] = {}): Promise<Body> {
    const answer = await this.send('POST', path, { body, headers });
    if (answer === null || answer.status > 201) throw new Error(`${path}: ${answer?.status} ${answer?.text}`);
    return JSON.parse(answer.text) as Body; // holds: as the caller says
  }

  /** A request whose body and answer are the caller's to stream. */
  open(method: string, path: string, headers: Readonly<Record<string, string>> = {}): ClientRequest {
    const outgoing = request(this.address() + path, {
      method,
      agent: this.agent,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    });
    outgoing.on('error', () => undefined); // a broken connection ends its answer, and that is what is looked at
    return outgoing;
  }

  close(): void {
    this.agent.destroy();
  }
}

function whole(outgoing: ClientRequest): Promise<Answer | null> {
  return new Promise((resolve) => {
    outgoing.once('close', () => resolve(null));
    outgoing.once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('error', () => resolve(null));
      incoming.once('end', () =>
        resolve(
          incoming.complete ? { status: incoming.statusCode ?? 0, headers: incoming.headers, text } : null,
        ),
      );
    });
  });
}
