import { Module, type DynamicModule } from '@nestjs/common';
import pg from 'pg';
import { Appender } from './appender.js';
import { EventLog } from './event-log.js';
import { Bell, HeadWatch } from './follower.js';
import type { Vocabulary } from './upcasting.js';

export interface LedgerOptions {
  readonly pool: pg.Pool;
  readonly vocabulary: Vocabulary;
  /** RFC 3339. */
  readonly now: () => string;
}

/** The append-only log: appending, reading, following. */
@Module({})
export class LedgerModule {
  static register({ pool, vocabulary, now }: LedgerOptions): DynamicModule {
    const bell = new Bell();
    const log = new EventLog(pool, vocabulary);
    const appender = new Appender({ pool, now, committed: (dossier) => bell.ring(dossier) });
    return {
      module: LedgerModule,
      global: true,
      providers: [
        { provide: pg.Pool, useValue: pool },
        { provide: Bell, useValue: bell },
        { provide: Appender, useValue: appender },
        { provide: EventLog, useValue: log },
        { provide: HeadWatch, useValue: new HeadWatch(log, bell) },
      ],
      exports: [pg.Pool, Bell, Appender, EventLog, HeadWatch],
    };
  }
}
