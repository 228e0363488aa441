import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from '../../src/http/paging.js';
import type { Problem } from '../../src/http/problem.js';
import type { AssessmentReceipt } from '../../src/recording/assessments/assess-position.js';
import type { AssessmentView } from '../../src/recording/assessments/assessment-view.js';
import type { PositionAt } from '../../src/positions/list-positions.js';
import { openRiver, Recorder } from '../support/http-cast.js';
import { startService, type FreshService, type Service } from '../support/service.js';

const ADDRESS = '/dossiers/river/assessments';

let running: FreshService;
let service: Service;
let river: Recorder;

beforeAll(async () => {
  running = await startService();
  service = running.service;
  river = new Recorder(service, 'river');
  await openRiver(service, 'river');
  await river.record({ slug: 'said', saidAt: '2025-01-01' });
});

afterAll(() => running?.end());

const judged = (fields: object = {}): object => ({
  party: 'north',
  topic: 'bridge',
  stance: 'open',
  asOf: '2025-02-01',
  basis: ['said'],
  rationale: 'Less eager.',
  ...fields,
});

const assess = (fields: object = {}): Promise<AssessmentReceipt> => service.write(ADDRESS, judged(fields));

const position = (known: number | string): Promise<PositionAt> =>
  service.read(`/dossiers/river/positions/north/bridge?known=${known}`);

describe('An assessment', () => {
  it('is answered as it will be read', async () => {
    const answer = await service.post<AssessmentReceipt>(
      ADDRESS,
      judged({ party: 'the North', conditions: ['it is cheap'] }),
    );
    const said = await service.read<{ id: string }>(`${river.address}/said`);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body).toMatchObject({
      version: 1,
      party: { slug: 'north' },
      topic: { slug: 'bridge' },
      stance: 'open',
      conditions: ['it is cheap'],
      asOf: '2025-02-01',
      basis: [said.id],
      rationale: 'Less eager.',
      voided: null,
      recordedBy: 'administrator',
    });
    expect(await service.read(`${ADDRESS}/${answer.body.id}`)).toEqual(answer.body);
    await service.write(`${ADDRESS}/${answer.body.id}/void`, { reason: 'A test.' });
  });

  it('counts like a statement, as it is corrected, voided and restored', async () => {
    const before = await position('999999');
    const { id, sequence } = await assess();
    expect(await position(sequence)).toMatchObject({
      stance: 'open',
      basis: [id],
      statements: 1,
      voices: [],
    });
    expect(await position(sequence - 1)).toMatchObject({ stance: before.stance });
    const change = (what: string, body: object): Promise<AssessmentReceipt> =>
      service.write(`${ADDRESS}/${id}/${what}`, body);
    const corrected = await change('correct', {
      changes: { stance: 'opposed', asOf: '2025-02-02' },
      reason: 'Slip.',
    });
    expect(corrected).toMatchObject({ version: 2, stance: 'opposed', asOf: '2025-02-02' });
    expect(await position(corrected.sequence)).toMatchObject({
      stance: 'opposed',
      since: '2025-02-02T00:00:00.000Z',
    });
    const voided = await change('void', { reason: 'Not ours to say.' });
    expect(voided).toMatchObject({ version: 3, voided: { reason: 'Not ours to say.' } });
    expect(await position(voided.sequence)).toMatchObject({ stance: 'supportive' });
    const restored = await change('restore', { reason: 'It is.' });
    expect(restored).toMatchObject({ version: 4, voided: null });
    expect(await position(restored.sequence)).toMatchObject({ stance: 'opposed' });
    expect(await position(sequence)).toMatchObject({ stance: 'open' });
    const shown = (known: number) => service.get<AssessmentView>(`${ADDRESS}/${id}?known=${known}`);
    expect((await shown(sequence)).body).toMatchObject({ stance: 'open', version: 1, voided: null });
    expect((await shown(voided.sequence)).body).toMatchObject({ stance: 'opposed', version: 3 });
    expect((await shown(sequence - 1)).status).toBe(404);
    await change('void', { reason: 'The end.' });
  });

  it('rests on statements of this dossier', async () => {
    const { body } = await service.post<Problem>(
      ADDRESS,
      judged({ basis: ['said', 'unsaid', 'north'], party: 'Atlantis' }),
    );
    expect(body).toMatchObject({ status: 422, code: 'unknown-reference' });
    expect(body.errors?.map(({ path }) => path)).toEqual(['party', 'basis.1', 'basis.2']);
    expect((await assess({ basis: [] })).basis).toEqual([]);
  });

  it('is guarded by If-Match, and must change where it is corrected', async () => {
    const { id } = await assess();
    const correct = (changes: object, headers = {}) =>
      service.post<Problem>(`${ADDRESS}/${id}/correct`, { changes, reason: 'Slip.' }, headers);
    expect((await correct({ stance: 'opposed' }, { 'if-match': '"2"' })).body).toMatchObject({
      status: 412,
      code: 'precondition-failed',
    });
    expect((await correct({ stance: 'open' })).body).toMatchObject({ status: 422, code: 'nothing-changed' });
    expect((await correct({ basis: ['unsaid'] })).body).toMatchObject({
      status: 422,
      errors: [{ path: 'changes.basis.0' }],
    });
    expect((await correct({ rationale: 'Because.' }, { 'if-match': '"1"' })).status).toBe(200);
    const again = await service.post<Problem>(`${ADDRESS}/${id}/restore`, { reason: 'No.' });
    expect(again.body).toMatchObject({ status: 409, code: 'not-voided' });
  });

  it('is not a statement, nor is a statement an assessment', async () => {
    const { id } = await assess();
    const said = await service.read<{ id: string }>(`${river.address}/said`);
    expect((await service.get(`${river.address}/${id}`)).status).toBe(404);
    expect((await service.get(`${ADDRESS}/${said.id}`)).status).toBe(404);
    expect((await service.post(`${river.address}/${id}/void`, { reason: 'No.' })).status).toBe(404);
  });
});

describe('Assessments', () => {
  it('are listed by the date that they are as of, voided ones on demand, as known', async () => {
    await service.write('/dossiers', { slug: 'second', title: 'Second' });
    await openRiver(service, 'third');
    const list = '/dossiers/third/assessments';
    const ids: string[] = [];
    for (const asOf of ['2025-03', '2025-01', '../2025-02-01']) {
      const { id } = await service.write<AssessmentReceipt>(list, judged({ asOf, basis: [] }));
      ids.push(id);
    }
    const [march, january, february] = ids;
    const idsOf = async (search: string): Promise<string[]> =>
      (await service.all<AssessmentView>(list + search, 2)).map(({ id }) => id);
    expect(await idsOf('')).toEqual([january, february, march]);
    const { sequence } = await service.write<AssessmentReceipt>(`${list}/${january}/void`, {
      reason: 'A test.',
    });
    expect(await idsOf('')).toEqual([february, march]);
    expect(await idsOf('?include=voided')).toEqual([january, february, march]);
    expect(await idsOf(`?known=${sequence - 1}`)).toEqual([january, february, march]);
    expect(await service.read<Page<unknown>>('/dossiers/second/assessments')).toEqual({
      items: [],
      next: null,
    });
  });
});
