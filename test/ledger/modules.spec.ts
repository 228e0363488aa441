import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { Appender } from '../../src/ledger/appender.js';
import { EventLog } from '../../src/ledger/event-log.js';
import { Bell, HeadWatch } from '../../src/ledger/follower.js';
import { LedgerModule } from '../../src/ledger/ledger.module.js';
import type { Projection, Target } from '../../src/ledger/projection.js';
import { ProjectionRunner } from '../../src/ledger/projection-runner.js';
import { ProjectionsModule } from '../../src/ledger/projections.module.js';
import { anAppend, eventually, TestLedger } from './test-ledger.js';

let ledger: TestLedger;
let database: DataSource;
let dossier: string;
let service: INestApplicationContext;

/** What the service logs as errors. */
const logged: string[] = [];
const logger = {
  log: () => undefined,
  warn: () => undefined,
  error: (message: unknown, ...where: unknown[]) =>
    logged.push(`${String(where.at(-1))}: ${String(message)}`),
};

/** What befalls the projection when it takes in an event. */
let trouble: (target: Target) => Promise<void> = () => Promise.resolve();

const projection: Projection = {
  name: 'nothing',
  version: 1,
  apply: (_, target) => trouble(target),
  clear: () => Promise.resolve(),
};

beforeAll(async () => {
  ledger = await TestLedger.open();
  database = await ledger.dataSource();
  const now = ledger.clock.now;
  const ofTheDatabase: DynamicModule = {
    module: class OfTheDatabase {},
    global: true,
    providers: [{ provide: DataSource, useValue: database }],
    exports: [DataSource],
  };
  /** One of the others, which asks for what these modules give without importing them. */
  const job: DynamicModule = {
    module: class Job {},
    providers: [
      {
        provide: 'asking',
        useFactory: (...given: unknown[]) => given,
        inject: [ProjectionRunner, HeadWatch],
      },
    ],
  };
  service = await NestFactory.createApplicationContext(
    {
      module: class Service {},
      imports: [
        ofTheDatabase,
        LedgerModule.register({
          pool: ledger.pool,
          vocabulary: { types: new Set(['something-happened']), upcasters: {} },
          now,
        }),
        ProjectionsModule.register([projection], now),
        job,
      ],
    },
    { logger, abortOnError: false },
  );
});

afterAll(async () => {
  await service?.get(ProjectionRunner).stop();
  await service?.close();
  await ledger.close();
});

beforeEach(async () => {
  dossier = await ledger.newDossier();
  trouble = () => Promise.resolve();
  logged.length = 0;
});

describe('a service with the ledger’s modules', () => {
  it('has a log to read and to append to, and hears of every append at once', async () => {
    const rung: string[] = [];
    service.get(Bell).listen((of) => rung.push(of));
    const append = anAppend();
    expect(await service.get(Appender).append(dossier, append)).toMatchObject({ first: 1 });
    expect(rung).toEqual([dossier]);
    expect(await service.get(EventLog).read(dossier, 0, 10)).toMatchObject([{ id: append.events[0].id }]);
  });

  it('has them for every module', () => {
    expect(service.get('asking')).toEqual([service.get(ProjectionRunner), service.get(HeadWatch)]);
  });

  it('keeps its projections up with the log', async () => {
    await service.get(Appender).append(dossier, anAppend());
    expect(await service.get(ProjectionRunner).caughtUp(dossier, 'nothing', 1)).toBe(1);
  });

  it.each([
    ['an error, with its place', new Error('words of its own'), 'Error: words of its own\n    at '],
    ['anything else, as it is', 'words of its own', 'words of its own'],
  ])(
    'logs what its projections run into besides an event that they cannot take in: %s',
    async (_, reason, said) => {
      let broken = false;
      trouble = async ({ manager }) => {
        if (broken) return;
        broken = true;
        await manager.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
        await Promise.reject(reason);
      };
      await service.get(Appender).append(dossier, anAppend());
      service.get(ProjectionRunner).wake(dossier);
      await eventually(() => logged.length > 0);
      expect(logged[0]).toContain(`Projections: ${said}`);
    },
  );
});
