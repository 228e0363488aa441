import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { LogController } from './log.controller.js';
import { FollowEventsHandler, ListEventsHandler } from './read-log.js';

/** Job 3: auditing how stances changed. So far: the log itself. */
@Module({
  imports: [CqrsModule],
  controllers: [LogController],
  providers: [ListEventsHandler, FollowEventsHandler],
})
export class AuditModule {}
