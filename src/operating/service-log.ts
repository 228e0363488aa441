import type { LoggerService } from '@nestjs/common';
import { pino, type LevelWithSilent, type Logger } from 'pino';

/** Fields that no line may hold, whoever logs what. */
const SECRETS = ['authorization', 'cookie', 'token', 'secret', 'password'];

/** JSON lines on standard error: standard output is for whoever started the service. */
export function openLog(level: LevelWithSilent): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    },
    pino.destination({ fd: process.stderr.fd, sync: false }),
  );
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
