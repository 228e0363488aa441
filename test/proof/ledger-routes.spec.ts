import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { Client } from 'pg';
import type { ConsistencyProof, EventProof } from '../../src/audit/ledger/prove-events.js';
import type { Problem } from '../../src/http/problem.js';
import { openRiver, saying } from '../support/http-cast.js';
import { Service, startService, type FreshService } from '../support/service.js';
import { dataFolderOf } from '../support/test-database.js';
import {
  hashLeaf,
  merkleTreeHash,
  provesConsistency,
  provesInclusion,
  readBundle,
  readCheckpoint,
  readNote,
  readProof,
  readVerifierKey,
  signersOf,
  tileHashes,
  tilePath,
  tilesOf,
  type Checkpoint,
} from './verifier.js';
import { Witness } from './witness.js';

const WITNESS = new Witness('witness.example/w1');
const STRANGER = new Witness('stranger.example/w1');

let running: FreshService;
let service: Service;
let superuser: Client;

beforeAll(async () => {
  running = await startService({ environment: { STANDPOINT_WITNESSES: ` ${WITNESS.verifierKey} ` } });
  service = running.service;
  superuser = new Client({ connectionString: running.database.superuserUrl });
  await superuser.connect();
  await openRiver(service, 'river');
});

afterAll(async () => {
  await superuser?.end();
  await running?.end();
});

const ledger = '/dossiers/river/ledger';

async function checkpoint(of = ledger): Promise<Checkpoint & { text: string; whole: string }> {
  const whole = await service.read<string>(`${of}/checkpoint`);
  const note = readNote(whole);
  const key = readVerifierKey((await service.read<string>(`${of}/key`)).trim());
  expect(signersOf(note, [key])).toEqual([key]);
  return { ...readCheckpoint(note.text), text: note.text, whole };
}

async function bytes(path: string): Promise<Buffer> {
  const answer = await fetch(`${service.url}/api/v1${ledger}/${path}`, { headers: service.credentials });
  expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
    path,
    200,
    'application/octet-stream',
  ]);
  expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  return Buffer.from(await answer.arrayBuffer());
}

async function record(count: number): Promise<number> {
  const statements = Array.from({ length: count }, () => saying());
  const { sequence } = await service.write<{ sequence: number }>('/dossiers/river/statements/batch', {
    statements,
  });
  return sequence;
}

describe('the checkpoint', () => {
  // Break: covering() that answers what is published without asking how far it goes.
  it('covers what was recorded before it was asked for, and is signed by the key of the log', async () => {
    for (let round = 0; round < 3; round++) {
      const sequence = await record(2);
      expect((await checkpoint()).size).toBeGreaterThanOrEqual(sequence);
    }
    const { headers } = await service.get(`${ledger}/checkpoint`);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a proof', () => {
  it('of an event is of its entry, which tells its payload by a salted hash', async () => {
    await record(5);
    const { size, root } = await checkpoint();
    for (let sequence = 1; sequence <= size; sequence++) {
      const proof = await service.read<EventProof>(`${ledger}/proofs/${sequence}`);
      const leaf = Buffer.from(proof.leafHash, 'base64');
      const path = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
      expect(provesInclusion(leaf, { index: sequence - 1, size, root, path })).toBe(true);
      expect(hashLeaf(proof.entry)).toEqual(leaf);
      const entry = JSON.parse(proof.entry);
      expect(canonicalize(entry)).toBe(proof.entry);
      const salted = createHash('sha256')
        .update(Buffer.from(proof.salt ?? '', 'base64'))
        .update(proof.payload ?? '');
      expect(entry).toMatchObject({ sequence, payloadHash: salted.digest('base64') });
      expect(proof).toMatchObject({ sequence, index: sequence - 1, size });
    }
  });

  it('of an event in an earlier tree, and of growth from one tree to another, hold', async () => {
    const early = await checkpoint();
    await record(3);
    const late = await checkpoint();
    const proof = await service.read<EventProof>(`${ledger}/proofs/2?size=${early.size}`);
    const path = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
    const leaf = Buffer.from(proof.leafHash, 'base64');
    expect(provesInclusion(leaf, { index: 1, size: early.size, root: early.root, path })).toBe(true);
    const grown = await service.read<ConsistencyProof>(
      `${ledger}/consistency?from=${early.size}&to=${late.size}`,
    );
    const hashes = grown.hashes.map((hash) => Buffer.from(hash, 'base64'));
    expect(provesConsistency(early, late, hashes)).toBe(true);
  });

  // Break: the bounds in sequenceOf and sizeOf.
  it.each([
    ['proofs/0', 404, 'not-found'],
    ['proofs/x', 404, 'not-found'],
    ['proofs/99999', 404, 'not-found'],
    ['receipts/99999', 404, 'not-found'],
    ['proofs/3?size=2', 400, 'validation-failed'],
    ['proofs/3?size=99999', 400, 'validation-failed'],
    ['proofs/3?size=x', 400, 'validation-failed'],
    ['consistency?from=4&to=3', 400, 'validation-failed'],
    ['consistency?from=1&to=99999', 400, 'validation-failed'],
    ['consistency?from=0', 400, 'validation-failed'],
    ['tile/0/001', 404, 'not-found'],
    ['tile/0/000', 404, 'not-found'],
    ['tile/0/000.p/0', 404, 'not-found'],
    ['tile/0/000.p/256', 404, 'not-found'],
    ['tile/0/0', 404, 'not-found'],
    ['tile/64/000', 404, 'not-found'],
    ['tile/00/000.p/1', 404, 'not-found'],
    ['tile/0/x000/000.p/1', 404, 'not-found'],
    ['tile/0/000.p/1?x=1', 400, 'validation-failed'],
    ['tile/entries/001', 404, 'not-found'],
    ['tile/elsewhere', 404, 'not-found'],
  ])('is refused at %s with %i', async (path, status, code) => {
    const answer = await service.get<Problem>(`${ledger}/${path}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('a receipt', () => {
  it('is checked without the service', async () => {
    const sequence = await record(1);
    const answer = await service.get<string>(`${ledger}/receipts/${sequence}`);
    const key = readVerifierKey((await service.read<string>(`${ledger}/key`)).trim());
    const { extra, index, path, checkpoint: whole } = readProof(answer.body);
    const note = readNote(whole);
    expect(signersOf(note, [key])).toEqual([key]);
    const { size, root, origin } = readCheckpoint(note.text);
    const { entry, payload, salt } = JSON.parse(String(extra));
    expect(canonicalize({ entry, payload, salt })).toBe(String(extra));
    expect(provesInclusion(hashLeaf(entry), { index, size, root, path })).toBe(true);
    expect(index).toBe(sequence - 1);
    expect(origin).toBe(`standpoint/dossier/${JSON.parse(entry).dossier}`);
    const payloadHash = createHash('sha256')
      .update(Buffer.from(salt, 'base64'))
      .update(payload)
      .digest('base64');
    expect(JSON.parse(entry).payloadHash).toBe(payloadHash);
    expect(answer.headers.get('content-disposition')).toContain(`${sequence}.tlog-proof`);
  });
});

describe('tiles and bundles of entries', () => {
  // Break: isWithinTree; the length before an entry in bundle(); readTileAddress without its check of the partial width.
  it('hold all leaves of the checkpoint and all that follows from them', async () => {
    await record(300);
    const { size, root } = await checkpoint();
    const entries: Buffer[] = [];
    for (const tile of tilesOf(size).filter(({ level }) => level === 0))
      entries.push(...readBundle(await bytes(tilePath({ ...tile, level: 'entries' }))));
    const leaves = entries.map(hashLeaf);
    expect(merkleTreeHash(leaves).equals(root)).toBe(true);
    for (const tile of tilesOf(size)) expect(await bytes(tilePath(tile))).toEqual(tileHashes(tile, leaves));
    expect(await bytes('tile/0/000.p/7')).toEqual(Buffer.concat(leaves.slice(0, 7)));
  });
});

describe('witnesses', () => {
  // Break: cosign() without isSignedBy; without its comparison of the text; cosigned() without the lines.
  it('sign checkpoints, and their signatures stand under them from then on', async () => {
    const { text, whole, size } = await checkpoint();
    const ask = (body: string) => service.post<Problem>(`${ledger}/cosignatures`, { checkpoint: body });
    const other = text.replace(`\n${size}\n`, `\n${size - 1}\n`);
    expect((await ask(`${whole}${STRANGER.line(text)}`)).body.code).toBe('unknown-witness');
    expect((await ask(`${whole}${WITNESS.line(other)}`)).body.code).toBe('wrong-signature');
    expect((await ask(`${other}\n${WITNESS.line(other)}`)).body.code).toBe('not-found');
    expect((await ask('nothing')).body.code).toBe('not-found');
    const added = await service.write(`${ledger}/cosignatures`, {
      checkpoint: `${whole}${STRANGER.line(text)}${WITNESS.line(text)}`,
    });
    expect(added).toEqual({ size, witnesses: ['witness.example/w1'] });
    await service.write(`${ledger}/cosignatures`, {
      checkpoint: `${whole}${WITNESS.line(text, 1_800_000_000n)}`,
    });
    expect((await checkpoint()).whole).toBe(`${whole}${WITNESS.line(text)}`);
    const receipt = readProof(await service.read<string>(`${ledger}/receipts/1`));
    const key = readVerifierKey(WITNESS.verifierKey);
    expect(signersOf(readNote(receipt.checkpoint), [key])).toEqual([key]);
  });
});

describe('the key', () => {
  it('is replaced by an operator, and each log tells of it', async () => {
    await openRiver(service, 'lake');
    const before = await service.read<string>('/dossiers/lake/ledger/key');
    await service.write('/admin/ledger/keys', { reason: 'The one who kept it has left.' });
    const sequence = await record(1);
    const note = readNote((await checkpoint()).whole);
    expect(readCheckpoint(note.text).size).toBeGreaterThan(sequence);
    const [young, old, ...none] = (await service.read<string>(`${ledger}/keys`))
      .trimEnd()
      .split('\n')
      .map(readVerifierKey);
    expect(none).toEqual([]);
    expect(
      signersOf(
        note,
        [young, old].flatMap((key) => key ?? []),
      ),
    ).toHaveLength(2);
    const events = await service.all<{ type: string; recordedBy: string; understood: boolean }>(
      '/dossiers/lake/events',
    );
    expect((await service.read<string>('/dossiers/lake/ledger/keys')).split('\n').slice(1)).toEqual([
      before.trim(),
      '',
    ]);
    expect(events.every(({ understood }) => understood)).toBe(true);
    expect((await service.all<{ type: string }>('/dossiers/lake/events')).at(-1)).toMatchObject({
      type: 'LedgerKeyRotated',
      recordedBy: 'administrator',
      understood: true,
    });
    expect(
      (await service.read<{ positions: unknown[] }>('/dossiers/river/positions')).positions.length,
    ).toBeGreaterThan(0);
  });
});

describe('a log that was changed', () => {
  const tamper = (sql: string): Promise<unknown> =>
    superuser.query(`SET session_replication_role = replica; ${sql}; RESET session_replication_role`);

  // Break: inclusion() without its comparison; one() without its own.
  it('is not proven where it was changed, and is as before where it was not', async () => {
    const { size } = await checkpoint();
    const { rows } = await superuser.query(
      'SELECT dossier_id, leaf_hash FROM ledger_leaf WHERE sequence = 5',
    );
    await tamper(`UPDATE ledger_leaf SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE sequence = 5`);
    const answer = await service.get<Problem>(`${ledger}/proofs/5`);
    expect([answer.status, answer.body.code]).toEqual([503, 'ledger-damaged']);
    expect((await service.get(`${ledger}/proofs/${size}`)).status).toBe(200);
    for (const { dossier_id, leaf_hash } of rows)
      await tamper(
        `UPDATE ledger_leaf SET leaf_hash = '\\x${leaf_hash.toString('hex')}' WHERE sequence = 5 AND dossier_id = '${dossier_id}'`,
      );
  });

  // Break: lookAtAll() in the keeper; the reason in /health/ready.
  it('that was put back is not signed, says so everywhere, and is gone on with by an operator', async () => {
    await openRiver(service, 'sea');
    await service.read('/dossiers/sea/ledger/checkpoint');
    const [{ id }] = (
      await superuser.query(`SELECT dossier_id AS id FROM dossier_name WHERE name = 'slug/sea'`)
    ).rows;
    const last = (await service.all<unknown>('/dossiers/sea/events')).length - 1;
    await service.stop();
    await tamper(`DELETE FROM event WHERE dossier_id = '${id}' AND sequence > ${last};
      DELETE FROM ledger_leaf WHERE dossier_id = '${id}' AND sequence > ${last}; DELETE FROM ledger_checkpoint WHERE dossier_id = '${id}';
      UPDATE dossier_head SET sequence = ${last} WHERE dossier_id = '${id}'; UPDATE projection_build SET checkpoint = ${last} WHERE dossier_id = '${id}'`);
    service = await Service.start({
      database: running.database,
      environment: { STANDPOINT_DATA: dataFolderOf(running.database.serviceUrl) },
    });
    const refused = await service.get<Problem>('/dossiers/sea/ledger/checkpoint');
    expect([refused.status, refused.body.code]).toEqual([503, 'checkpoint-refused']);
    expect(await (await fetch(`${service.url}/health/ready`)).text()).toContain(
      'the logs of 1 dossiers are not signed',
    );
    expect((await service.get('/metrics')).text).toContain('standpoint_ledger_refused_dossiers 1');
    expect(service.process.output).toContain(`The log of dossier ${id} is not signed.`);
    expect((await service.get('/dossiers/lake/ledger/checkpoint')).status).toBe(200);
    const goOn = () => service.post<Problem>('/dossiers/sea/ledger/continuations', { reason: 'Restored.' });
    expect((await goOn()).body.code).toBe('checkpoint-refused'); // the key has signed what is lost
    await service.write('/admin/ledger/keys', { reason: 'Restored.' });
    expect((await goOn()).status).toBe(201);
    expect((await checkpoint('/dossiers/sea/ledger')).size).toBe(last + 1);
    expect((await service.get('/health/ready')).status).toBe(200);
  });
});
