import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino';

/** Fields that no report may hold, whoever makes it. */
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password'];

/** JSON lines on standard error: standard output is for whoever started the service. */
export interface Logs {
  /** What parts of the service report, whatever they put into it. */
  readonly reports: Logger;
  /** Of requests, whose lines are made field by field of what is no secret: looking through each for secrets would cost more than writing it. */
  readonly requests: Logger;
}

export function openLogs(level: LevelWithSilent): Logs {
  const destination = gathered(pino.destination({ fd: process.stderr.fd, sync: false }));
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const redact = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return { reports: pino({ ...options, redact }, destination), requests: pino(options, destination) };
}

/** Writes the lines of one turn of the event loop together: a write for each costs more than making it. */
function gathered(destination: ReturnType<typeof pino.destination>): DestinationStream {
  let lines = '';
  const write = (): void => {
    destination.write(lines);
    lines = '';
  };
  process.on('exit', () => {
    if (lines !== '') write();
    destination.flushSync();
  });
  return {
    write: (line) => {
      if (lines === '') setImmediate(write);
      lines += line;
    },
  };
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
