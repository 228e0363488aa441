import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Contract, type ApiDocument } from './http-contract.js';
import { createTestDatabase, dataFolderOf, type TestDatabase } from './test-database.js';

const PROGRAM = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** Milliseconds that a start or a stop may take on a busy machine. */
const PATIENCE = 40_000;

export interface ServiceOptions {
  readonly database: Pick<TestDatabase, 'serviceUrl' | 'ownerUrl'>;
  readonly example?: 'on' | 'off';
  readonly token?: string;
  /** Further or other environment variables; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Another build of main.js. */
  readonly program?: string;
}

export interface RequestOptions {
  /** Sent as JSON; text and bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** An answer that has been held against the OpenAPI document. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** The processes of this spec file that run: a test that fails must not leave its own behind. */
const running = new Set<ServiceProcess>();

/** A process of the service, from its start to its end. */
export class ServiceProcess {
  output = '';
  readonly exit: Promise<number | null>;
  private readonly child: ChildProcess;
  /** Everything that it said has been heard. */
  private readonly closed: Promise<unknown>;

  constructor({ program = PROGRAM, environment = {} }: Pick<ServiceOptions, 'program' | 'environment'>) {
    const { PATH } = process.env;
    const given = Object.entries({ PATH, ...environment }).filter(([, value]) => value !== undefined);
    this.child = spawn(process.execPath, [program], {
      env: Object.fromEntries(given),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    running.add(this);
    this.closed = once(this.child, 'close');
    this.exit = once(this.child, 'exit').then(() => {
      running.delete(this);
      return this.child.exitCode;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.end !== null;
  }

  /** The signal that ended it, or its exit code; null while it runs. */
  get end(): NodeJS.Signals | number | null {
    return this.child.signalCode ?? this.child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with the address once it listens. */
  async listening(): Promise<string> {
    const deadline = performance.now() + PATIENCE;
    while (performance.now() < deadline && !this.hasEnded) {
      const address = /listening on (http:\/\/\S+)/.exec(this.output)?.[1];
      if (address !== undefined) return address;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (this.hasEnded) await this.closed;
    throw new Error(`The service did not start (${this.end}): ${this.output}`);
  }

  /** Resolves with the exit code; rejects if it does not end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.signal(signal);
    return this.ended();
  }

  async ended(milliseconds = PATIENCE): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`It goes on: ${this.output}`)), milliseconds);
    });
    return Promise.race([this.exit, late]).finally(() => clearTimeout(timer));
  }
}

/** A running service and a client of it. Every answer is held against the service's own OpenAPI document. */
export class Service {
  private constructor(
    readonly process: ServiceProcess,
    readonly url: string,
    readonly token: string,
    readonly contract: Contract,
  ) {}

  static async start(options: ServiceOptions): Promise<Service> {
    const token = options.token ?? randomBytes(16).toString('hex');
    const { serviceUrl, ownerUrl } = options.database;
    const environment = {
      PORT: '0',
      DATABASE_URL: serviceUrl,
      DATABASE_MIGRATION_URL: ownerUrl,
      STANDPOINT_DATA: options.environment?.['STANDPOINT_DATA'] ?? dataFolderOf(serviceUrl),
      STANDPOINT_ADMIN_TOKEN: token,
      STANDPOINT_EXAMPLE: options.example ?? 'off',
      ...options.environment,
    };
    const child = new ServiceProcess({ ...options, environment });
    const url = await child.listening();
    const document = await fetch(`${url}/api/v1/openapi.json`);
    return new Service(child, url, token, new Contract((await document.json()) as ApiDocument)); // holds: openapi.spec.ts says so
  }

  /** `path` as in the contract, without `/api/v1`, or whole. The type of the body is the caller's word; its schema has been checked. */
  async request<Body>(
    method: string,
    path: string,
    { body, headers = {} }: RequestOptions = {},
  ): Promise<Answer<Body>> {
    const whole = wholePath(path);
    const answer = await fetch(this.url + whole, {
      method,
      ...sent(body, { ...this.credentials, ...headers }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    this.contract.hold(method, whole, { status: answer.status, type, text });
    const parsed: unknown = /json\b/.test(type) && !type.includes('ndjson') ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, text, body: parsed as Body }; // holds: as the caller says, and by the schema
  }

  get<Body>(path: string, headers: RequestOptions['headers'] = {}): Promise<Answer<Body>> {
    return this.request('GET', path, { headers });
  }

  post<Body>(path: string, body?: unknown, headers: RequestOptions['headers'] = {}): Promise<Answer<Body>> {
    return this.request('POST', path, { body, headers });
  }

  patch<Body>(path: string, body: unknown, headers: RequestOptions['headers'] = {}): Promise<Answer<Body>> {
    return this.request('PATCH', path, { body, headers });
  }

  /** What is read there; throws unless the answer is 200. */
  async read<Body>(path: string): Promise<Body> {
    return required(await this.get<Body>(path), path);
  }

  /** What a write answers; throws unless it is 200 or 201. */
  async write<Body>(path: string, body?: unknown, headers: RequestOptions['headers'] = {}): Promise<Body> {
    return required(await this.post<Body>(path, body, headers), path);
  }

  /** Every item of a list, page by page. */
  async all<Item>(path: string, limit = 500): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const parameters = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor && `&cursor=${cursor}`}`;
      const page: { items: Item[]; next: string | null } = await this.read(path + parameters);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }

  get credentials(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  stop(): Promise<number | null> {
    return this.process.stop();
  }
}

/** A service on a database of its own. `end` stops the one, kills what else is left, and drops the other. */
export interface FreshService {
  readonly service: Service;
  readonly database: TestDatabase;
  end(): Promise<void>;
}

export async function startService(options: Omit<ServiceOptions, 'database'> = {}): Promise<FreshService> {
  const database = await createTestDatabase();
  const service = await Service.start({ ...options, database });
  return {
    service,
    database,
    end: async () => {
      if (!service.process.hasEnded) await service.stop();
      await killAll();
      await database.drop();
    },
  };
}

/** Ends every process of this spec file that still runs. */
export async function killAll(): Promise<void> {
  await Promise.all([...running].map((each) => each.stop('SIGKILL')));
}

export function wholePath(path: string): string {
  return /^\/(?:api|health|metrics|docs|login)\b/.test(path) ? path : `/api/v1${path}`;
}

function sent(body: unknown, headers: Readonly<Record<string, string | undefined>>): RequestInit {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const given = Object.entries({ ...type, ...headers }).filter(([, value]) => value !== undefined);
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  return {
    headers: given as [string, string][], // holds: those without a value have just been left out
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  };
}

function required<Body>({ status, text, body }: Answer<Body>, path: string): Body {
  if (status > 201) throw new Error(`${path} answered ${status}: ${text}`);
  return body;
}
