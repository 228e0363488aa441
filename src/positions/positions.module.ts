import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ComparePositionsHandler } from './compare-positions.js';
import { ListPositionsHandler, ShowPositionHandler } from './list-positions.js';
import { ListShiftsHandler } from './list-shifts.js';
import { PositionController } from './positions.controller.js';
import { ShowOverviewHandler } from './show-overview.js';
import { ServeHistoriesHandler } from './serve-histories.js';
import { ShowHistoryHandler } from './show-history.js';

/** Job 2: viewing positions and their history. */
@Module({
  imports: [CqrsModule],
  controllers: [PositionController],
  providers: [
    ListPositionsHandler,
    ShowPositionHandler,
    ShowHistoryHandler,
    ShowOverviewHandler,
    ListShiftsHandler,
    ComparePositionsHandler,
    ServeHistoriesHandler,
  ],
})
export class PositionsModule {}
