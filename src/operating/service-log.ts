import { once } from 'node:events';
import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';

/** Fields that no report may hold, whoever makes it. */
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password'];

/** Bytes that may wait to be written; beyond that lines are lost. */
const MOST = 16 * 1024 * 1024;

/** Milliseconds for which whoever reads the log may read nothing before we give up. */
const PATIENCE = 2_000;

/** JSON lines on standard error: standard output is for whoever started the service. */
export interface Logs {
  /** What parts of the service report, whatever they put into it. */
  readonly reports: Logger;
  /** Of requests, whose lines are made field by field of what is no secret: looking through each for secrets would cost more than writing it. */
  readonly requests: Logger;
  /** Resolves once all that was said is written; a process that ends before has lost lines. Where nobody reads them it does not wait for ever. */
  written(): Promise<void>;
}

export function openLogs(level: LevelWithSilent): Logs {
  const outlet = new Outlet(process.stderr.fd);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return {
    reports: pino({ ...options, redact }, outlet),
    requests: pino(options, outlet),
    written: () => outlet.written(PATIENCE),
  };
}

/** Writes the lines of one turn of the event loop together: a write for each costs more than making it. */
class Outlet implements DestinationStream {
  private readonly destination: ReturnType<typeof pino.destination>;
  private lines = '';
  private isWriting = false;
  /** The last writing failed: nobody reads any more, or a disk is full. No reason to end, and tried again with the next line. */
  private isFailing = false;
  /** By the clock of `performance`. */
  private givesUpAt = Infinity;

  constructor(fd: number) {
    process.on('exit', () => this.end()); // before pino does, which would wait for ever
    const retryEAGAIN = (): boolean => performance.now() < this.givesUpAt;
    this.destination = pino.destination({ fd, sync: false, minLength: 1, maxLength: MOST, retryEAGAIN });
    this.destination.on('drain', () => {
      this.isWriting = false;
      this.isFailing = false;
    });
    this.destination.on('error', () => {
      this.isWriting = false;
      this.isFailing = true;
    });
    this.destination.on('drop', () => this.destination.flush());
  }

  write(line: string): void {
    if (this.lines === '') setImmediate(() => this.passOn());
    this.lines += line;
  }

  /** Resolves when nothing is left to write, or after so many milliseconds. */
  async written(milliseconds: number): Promise<void> {
    this.passOn();
    if (this.isWriting)
      await once(this.destination, 'drain', { signal: AbortSignal.timeout(milliseconds) }).catch(
        () => undefined,
      );
  }

  /** What nobody has waited for. */
  private end(): void {
    this.givesUpAt = performance.now() + PATIENCE;
    this.passOn();
    try {
      if (!this.isFailing) return this.destination.flushSync();
    } catch {
      // as where it fails
    }
    this.destination.destroy();
  }

  private passOn(): void {
    if (this.lines === '') return;
    this.isWriting = true;
    this.destination.write(this.lines);
    this.lines = '';
  }
}

/** What Nest and our own parts report, as lines of the same log. */
export class ServiceLog implements LoggerService {
  constructor(private readonly lines: Logger) {}

  verbose(message: unknown, ...about: unknown[]): void {
    this.write('debug', message, about);
  }

  debug(message: unknown, ...about: unknown[]): void {
    this.write('debug', message, about);
  }

  /** Nest tells here of every route that it makes. */
  log(message: unknown, ...about: unknown[]): void {
    this.write('debug', message, about);
  }

  warn(message: unknown, ...about: unknown[]): void {
    this.write('warn', message, about);
  }

  error(message: unknown, ...about: unknown[]): void {
    this.write('error', message, about);
  }

  fatal(message: unknown, ...about: unknown[]): void {
    this.write('fatal', message, about);
  }

  /** Nest gives the name of the part that reports last, and a stack before it. */
  private write(
    level: 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    about: readonly unknown[],
  ): void {
    const part = about.at(-1);
    const stack = about.length > 1 ? { stack: about[0] } : {};
    const said = { part, ...stack };
    if (message instanceof Error) this.lines[level]({ ...said, err: message }, message.message);
    else this.lines[level](said, typeof message === 'string' ? message : JSON.stringify(message));
  }
}
