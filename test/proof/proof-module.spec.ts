import { type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Appender } from '../../src/ledger/appender.js';
import { Bell } from '../../src/ledger/follower.js';
import { LedgerModule } from '../../src/ledger/ledger.module.js';
import { ProjectionRunner } from '../../src/ledger/projection-runner.js';
import { ProjectionsModule } from '../../src/ledger/projections.module.js';
import { CheckpointKeeper } from '../../src/ledger/proof/checkpoint-keeper.js';
import { Checkpoints } from '../../src/ledger/proof/checkpoints.js';
import { KeyFolder } from '../../src/ledger/proof/keys.js';
import { LeavesProjection } from '../../src/ledger/proof/leaves-projection.js';
import { LoggedEntries } from '../../src/ledger/proof/logged-entries.js';
import { ProofModule } from '../../src/ledger/proof/proof.module.js';
import { Rotations } from '../../src/ledger/proof/rotation.js';
import { Signer } from '../../src/ledger/proof/signer.js';
import { readWitness, Witnesses } from '../../src/ledger/proof/witnesses.js';
import { anAppend, TestLedger } from '../ledger/test-ledger.js';
import { readNote } from './verifier.js';
import { Witness } from './witness.js';

/** What every other module may ask for. */
const PARTS = [KeyFolder, Rotations, Signer, CheckpointKeeper, Checkpoints, LoggedEntries, Witnesses];
const ELSEWHERE = Symbol('elsewhere');

const WITNESS = new Witness('one.example');

let ledger: TestLedger;
let dossier: string;
let dataFolder: string;
let service: INestApplicationContext;

/** What the service logs as errors, with its context. */
const logged: unknown[] = [];
const logger = {
  log: () => undefined,
  warn: () => undefined,
  error: (message: unknown, ...context: unknown[]) => logged.push([message, context.at(-1)]),
};

/** What befalls whoever asks what time it is. */
let trouble: () => void = () => undefined;

beforeAll(async () => {
  ledger = await TestLedger.open();
  dataFolder = await mkdtemp(join(tmpdir(), 'standpoint-keys-'));
  const now = (): string => {
    trouble();
    return ledger.clock.now();
  };
  const ofTheDatabase: DynamicModule = {
    module: class OfTheDatabase {},
    global: true,
    providers: [{ provide: DataSource, useValue: await ledger.dataSource() }],
    exports: [DataSource],
  };
  const elsewhere: DynamicModule = {
    module: class Elsewhere {},
    providers: [{ provide: ELSEWHERE, useFactory: (...parts) => parts, inject: PARTS }],
  };
  const vocabulary = { types: new Set(['something-happened', 'LedgerKeyRotated']), upcasters: {} };
  const made = new Bell();
  const leaves = new LeavesProjection({ random: randomBytes, made: (id) => made.ring(id) });
  const witnesses = [readWitness(WITNESS.verifierKey)].filter((key) => key !== null);
  service = await NestFactory.createApplicationContext(
    {
      module: class Service {},
      imports: [
        ofTheDatabase,
        LedgerModule.register({ pool: ledger.pool, vocabulary, now: ledger.clock.now }),
        ProjectionsModule.register([leaves], ledger.clock.now),
        ProofModule.register({ dataFolder, leaves, made, witnesses, now, newId: uuidv7 }),
        elsewhere,
      ],
    },
    { logger, abortOnError: false },
  );
});

afterAll(async () => {
  await service?.get(CheckpointKeeper).stop();
  await service?.get(ProjectionRunner).stop();
  await service?.close();
  await ledger.close();
  await rm(dataFolder, { recursive: true });
});

beforeEach(async () => {
  dossier = await ledger.newDossier();
  trouble = () => undefined;
  logged.length = 0;
});

describe('a service with the modules of the ledger and of its proofs', () => {
  const append = (): Promise<unknown> => service.get(Appender).append(dossier, anAppend());

  it('signs logs, with a key and by heads that stand in its data folder', async () => {
    await append();
    const checkpoint = await service.get(CheckpointKeeper).covering(dossier, 1);
    expect(await service.get(Checkpoints).last(dossier)).toEqual(checkpoint);
    expect((await service.get(KeyFolder).current()).publicKey).toEqual(checkpoint.publicKey);
    expect((await readdir(join(dataFolder, 'ledger'))).toSorted()).toEqual(['key-1.json', 'signed']);
    expect(await readdir(join(dataFolder, 'ledger', 'signed', dossier))).toEqual(['1.json']);
    expect(await readdir(join(dataFolder, 'ledger', 'signed'))).toEqual([dossier]); // no draft is left
    expect(await service.get(LoggedEntries).one(dossier, 1)).toMatchObject({ sequence: 1 });
  });

  it('has what proves its logs at hand in every module', () => {
    expect(service.get(ELSEWHERE)).toEqual(PARTS.map((part) => service.get<unknown>(part)));
  });

  it('takes the signatures of its witnesses', async () => {
    await append();
    const { note } = await service.get(CheckpointKeeper).covering(dossier, 1);
    const line = WITNESS.line(readNote(note).text);
    expect(await service.get(Witnesses).cosign(dossier, note + line)).toMatchObject({
      status: 'added',
      witnesses: ['one.example'],
    });
  });

  it('has its logs tell of a new key', async () => {
    await append();
    await service.get(CheckpointKeeper).covering(dossier, 1);
    const { publicKey } = await service.get(KeyFolder).replace({ reason: 'It is old.', recordedBy: 'ada' });
    expect(await service.get(CheckpointKeeper).covering(dossier, 1)).toMatchObject({ size: 2, publicKey });
    expect((await service.get(Rotations).of(dossier)).all).toMatchObject([
      { sequence: 2, reason: 'It is old.' },
    ]);
  });

  it.each([
    ['an error, with its place', new Error('words of its own'), /^Error: words of its own\n    at /],
    [
      'an error without a place',
      Object.assign(new Error('words of its own'), { stack: undefined }),
      /^words of its own$/,
    ],
    ['anything else, as it is', 'words of its own', /^words of its own$/],
  ])('logs why it cannot sign: %s', async (_, reason, said) => {
    await append();
    await service.get(ProjectionRunner).caughtUp(dossier, 'ledger', 1);
    trouble = () => {
      throw reason;
    };
    await expect(service.get(Signer).sign(dossier)).rejects.toBe(reason);
    expect(logged).toEqual([]);
    await expect(service.get(CheckpointKeeper).sign(dossier)).rejects.toBe(reason);
    expect(logged).toEqual([[expect.stringMatching(said), 'Ledger']]);
  });
});
