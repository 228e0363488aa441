import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventLog } from '../ledger/event-log.js';
import { ChangedPairs } from './changed-pairs.js';
import { Entries } from './entries.js';

/** What positions and revisions are read from. */
@Global()
@Module({
  providers: [
    { provide: Entries, useFactory: (database: DataSource) => new Entries(database), inject: [DataSource] },
    {
      provide: ChangedPairs,
      useFactory: (database: DataSource, log: EventLog) => new ChangedPairs(database, log),
      inject: [DataSource, EventLog],
    },
  ],
  exports: [Entries, ChangedPairs],
})
export class EntriesModule {}
