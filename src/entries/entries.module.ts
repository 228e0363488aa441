import { Global, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Entries } from './entries.js';

/** What positions and revisions are read from. */
@Global()
@Module({
  providers: [
    { provide: Entries, useFactory: (database: DataSource) => new Entries(database), inject: [DataSource] },
  ],
  exports: [Entries],
})
export class EntriesModule {}
