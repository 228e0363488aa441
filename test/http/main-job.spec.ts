import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Board } from '../../src/positions/list-positions.js';
import type { DossierView } from '../../src/recording/dossiers/list-dossiers.js';
import type { StatementView } from '../../src/recording/statements/statement-view.js';
import { expectedPositions, recordTalks, talks, type ExpectedPositions } from '../support/http-talks.js';
import { byPair, positionsBySlug } from '../support/talks-positions.js';
import { query, value } from '../support/queries.js';
import { killAll, Service, ServiceProcess, startService, type FreshService } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const given = new URL('../../../shared/data/april-2025-talks/', import.meta.url);
const own = new URL('../data/april-2025-talks/', import.meta.url);

async function idsBySlug(service: Service, dossier: string): Promise<Map<string, string>> {
  const statements = await service.all<StatementView>(`/dossiers/${dossier}/statements`);
  return new Map(statements.map(({ id, slug }) => [`statement ${slug}`, id]));
}

describe('The talks of April 2025', () => {
  let running: FreshService;
  let ids: Map<string, string>;
  let expected: ExpectedPositions;

  beforeAll(async () => {
    running = await startService();
    expected = await expectedPositions();
    ids = await recordTalks(running.service, 'talks');
  });

  afterAll(() => running?.end());

  it('give exactly the expected positions, with their evidence in said-order', async () => {
    const positions = await positionsBySlug(running.service, 'talks', expected.at, ids);
    expect(byPair(positions)).toEqual(byPair(expected.positions));
  });

  it('give no position before anything was said', async () => {
    const board = await running.service.read<Board>('/dossiers/talks/positions?at=2025-04-19');
    expect(board.positions).toEqual([]);
  });

  it('have every passage letter for letter where its anchor says', async () => {
    const article = [...(await talks('article.txt'))];
    const statements = await running.service.all<StatementView>('/dossiers/talks/statements', 7);
    expect(statements).toHaveLength(19);
    for (const { anchor, passage } of statements) {
      expect(anchor).toMatchObject({ status: 'exact', score: 1 });
      expect(article.slice(anchor?.start ?? 0, anchor?.end ?? 0).join('')).toBe(passage?.exact);
    }
  });

  it('keep the article as it was published', async () => {
    const article = await talks('article.txt');
    const source = await running.service.read<{ text: string; textSha256: string }>(
      `/dossiers/talks/sources/${ids.get('source article')}`,
    );
    expect(source.text).toBe(article);
    expect(source.textSha256).toBe(createHash('sha256').update(article).digest('hex'));
  });

  it('count what is in the dossier', async () => {
    expect(await running.service.read<DossierView>('/dossiers/talks')).toMatchObject({
      sequence: 37,
      counts: { parties: 3, speakers: 5, topics: 7, sources: 1, statements: 19 },
    });
  });

  it('are recorded from the data as they were given', async () => {
    if (!existsSync(given)) return; // a clone has only its own copy
    const names = await readdir(given);
    expect(await readdir(own)).toEqual(names);
    for (const name of names)
      expect((await readFile(new URL(name, own))).equals(await readFile(new URL(name, given)))).toBe(true);
  });
});

describe('The example', () => {
  const EXAMPLE = 'april-2025-talks';
  const EVENTS = 36;
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await killAll();
    await database?.drop();
  });

  async function slowDown(seconds: number): Promise<void> {
    await query(
      database.ownerUrl,
      `CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NEW; END $$;
       CREATE TRIGGER slow BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION be_slow()`,
    );
  }

  async function events(): Promise<number> {
    return Number(await value(database.ownerUrl, 'SELECT coalesce(max(sequence), 0) FROM dossier_head'));
  }

  it('is left half-way by a start that is killed', async () => {
    const empty = await Service.start({ database, example: 'off' });
    await empty.stop();
    await slowDown(0.03);
    const killed = new ServiceProcess({
      environment: {
        PORT: '0',
        DATABASE_URL: database.serviceUrl,
        DATABASE_MIGRATION_URL: database.ownerUrl,
        STANDPOINT_ADMIN_TOKEN: 'a-token-of-this-test',
      },
    });
    while ((await events()) < 10) expect(killed.hasEnded).toBe(false);
    await killed.stop('SIGKILL');
    expect(killed.output).not.toContain('listening on');
    expect(await events()).toBeLessThan(EVENTS);
  });

  it('is completed by the next start, and gives the expected positions', async () => {
    const service = await Service.start({ database, example: 'on' });
    const { at, positions } = await expectedPositions();
    const ids = await idsBySlug(service, EXAMPLE);
    expect(byPair(await positionsBySlug(service, EXAMPLE, at, ids))).toEqual(byPair(positions));
    expect(await events()).toBe(EVENTS);
    expect(await service.stop()).toBe(0);
  });

  it('is not loaded again by a later start', async () => {
    const service = await Service.start({ database, example: 'on' });
    const dossiers = await service.all<DossierView>('/dossiers');
    expect(dossiers.map(({ slug, sequence }) => ({ slug, sequence }))).toEqual([
      { slug: EXAMPLE, sequence: EVENTS },
    ]);
    await service.stop();
  });

  it('is not put into a database that somebody uses already', async () => {
    const used = await startService();
    await used.service.write('/dossiers', { slug: 'mine', title: 'Mine' });
    await used.service.stop();
    const again = await Service.start({ database: used.database, example: 'on' });
    const dossiers = await again.all<DossierView>('/dossiers');
    expect(dossiers.map(({ slug }) => slug)).toEqual(['mine']);
    await again.stop();
    await used.end();
  });
});
