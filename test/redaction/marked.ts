import type { Service } from '../support/service.js';
import { openRiver, saying } from '../support/http-cast.js';

/** What everything that is to be erased says somewhere: neither English stems nor spelling take it apart. */
export const MARK = 'zqxmarkk';

/** What is to be erased, by the routes' names of its kinds. */
export interface Marked {
  readonly statements: readonly string[];
  readonly assessments: readonly string[];
  readonly parties: string;
  readonly speakers: string;
  readonly topics: string;
  readonly sources: string;
  /** A statement that says nothing of it, but is by, about and in answer to what is to be erased. */
  readonly reply: string;
  /** Every write, to be asked again with its key. */
  readonly writes: readonly Write[];
}

interface Write {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const say = (words: string): string => `${MARK}, ${words}`;

/** Records in every way there is what is to be erased, each write under a key of its own. */
export async function recordMarked(service: Service, dossier: string): Promise<Marked> {
  await openRiver(service, dossier);
  const writes: Write[] = [];
  const at = (path: string): string => `/dossiers/${dossier}/${path}`;
  const write = async (
    path: string,
    body: unknown,
    method: Write['method'] = 'POST',
  ): Promise<{ id: string }> => {
    const headers = { 'idempotency-key': `key-${writes.length}` };
    writes.push({ method, path: at(path), body, headers });
    const {
      status,
      text,
      body: answer,
    } = await service.request<{ id: string }>(method, at(path), { body, headers });
    if (status > 201) throw new Error(`${path} answered ${status}: ${text}`);
    return answer;
  };

  const parties = await write('parties', { slug: 'p', name: say('a party'), aliases: [say('an alias')] });
  await write('parties/p', { name: say('renamed'), aliases: [`The ${MARK}`] }, 'PATCH');
  const affiliations = [{ party: 'north', role: say('a role') }];
  const speakers = await write('speakers', { slug: 's', name: say('a speaker'), affiliations });
  const topics = await write('topics', {
    slug: 't',
    name: say('a topic'),
    proposition: say('it comes about'),
  });
  await write('topics/t', { proposition: say('it does not') }, 'PATCH');
  const text = `Somebody said: “${say('of course')}”, and went.`;
  const source = {
    title: say('a title'),
    url: `https://${MARK}.example/`,
    outlet: say('an outlet'),
    language: 'en',
  };
  const sources = await write('sources', { slug: 'd', ...source, text });
  await write('sources/d', { text: `${text} ${say('again')}` }, 'PATCH');

  const words = {
    attribution: 'direct',
    source: 'd',
    passage: { exact: say('of course'), prefix: '“', suffix: '”' },
    summary: say('a summary'),
    translation: say('eine Übersetzung'),
    note: say('a note'),
    conditions: [say('if')],
    language: 'en',
    addressees: ['p'],
  };
  const one = await write('statements', saying({ slug: 'one', speaker: 's', topic: 't', ...words }));
  await write('statements/one/correct', { changes: { note: say('another') }, reason: say('a slip') });
  await write('statements/one/void', { reason: say('wrong') });
  await write('statements/one/restore', { reason: say('right') });
  await write('statements/batch', {
    statements: [saying({ slug: 'two', ...words }), saying({ slug: 'kept', summary: 'Nothing of it.' })],
  });
  const two = await service.read<{ id: string }>(at('statements/two'));
  const basis = { basis: ['one', 'kept'], rationale: say('by all that was said') };
  const judged = { party: 'p', topic: 'bridge', stance: 'open', asOf: '2025-05-01', ...basis };
  const assessment = await write('assessments', judged);
  await write(`assessments/${assessment.id}/correct`, {
    changes: { conditions: [say('if only')] },
    reason: say('a slip'),
  });
  const reply = await write(
    'statements',
    saying({
      act: 'ClarificationIssued',
      party: 'p',
      speaker: 's',
      topic: 't',
      source: 'd',
      refersTo: 'one',
    }),
  );
  return {
    statements: [one.id, two.id],
    assessments: [assessment.id],
    parties: parties.id,
    speakers: speakers.id,
    topics: topics.id,
    sources: sources.id,
    reply: reply.id,
    writes,
  };
}

export const ORDER = { reason: 'A court demands it.', basis: 'Regulation (EU) 2016/679, article 17' };

/** Erases all of it. */
export async function redactAll(service: Service, dossier: string, marked: Marked): Promise<void> {
  const { statements, assessments, parties, speakers, topics, sources } = marked;
  const kinds = {
    statements,
    assessments,
    parties: [parties],
    speakers: [speakers],
    topics: [topics],
    sources: [sources],
  };
  for (const [kind, ids] of Object.entries(kinds))
    for (const id of ids) await service.write(`/dossiers/${dossier}/${kind}/${id}/redact`, ORDER);
}
