import { createHash } from 'node:crypto';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { appendBatch } from '../dist/src/ledger/append-batch.js';
import { TOKEN } from './service.mjs';

const AT_ONCE = 2_000;
const ACTS = [
  ['ProposalMade', 'supportive'],
  ['ClarificationIssued', null],
  ['OppositionExpressed', 'opposed'],
  ['OpennessDeclared', 'open'],
  ['DoubtVoiced', 'skeptical'],
];

/** Numbers that look random and are the same for the same seed (Lehmer). */
function dice(seed) {
  let state = seed;
  return (sides) => (state = (state * 48_271) % 2_147_483_647) % sides;
}

/**
 * A dossier of that many events: 12 parties, 40 topics, and statements with payloads as the service writes them (about 700 bytes). Of the pair of
 * the first party and topic, of the second … there are as many statements as `own` says, spread over the log; each fiftieth event voids the
 * statement before it, by another recorder. Answers with its id.
 */
export async function makeDossier({ url, databaseUrl, events, seed, progress, own = [] }) {
  const call = async (path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1/dossiers${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()).id;
  };
  const dossier = await call('', {
    slug: `large-${events}-${own.join('-')}`.replace(/-$/, ''),
    title: 'Large',
  });
  const make = async (kind, count) => {
    const made = [];
    for (let index = 0; index < count; index++)
      made.push(await call(`/${dossier}/${kind}`, { name: `${kind} ${index}` }));
    return made;
  };
  const [parties, topics, [source]] = [
    await make('parties', 12),
    await make('topics', 40),
    await make('sources', 1).catch(() => [null]),
  ];
  const roll = dice(seed);
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const { rows } = await pool.query('SELECT sequence FROM dossier_head WHERE dossier_id = $1', [dossier]);
  const first = Number(rows[0].sequence);
  const pairOf = (number) => {
    const at = own.findIndex((count) => share(number - first, count) < share(number - first + 1, count));
    const pick = (things) => things[at < 0 ? own.length + roll(things.length - own.length) : at];
    return [pick(parties), pick(topics)];
  };
  const share = (done, count) => Math.floor((done * count) / (events - first));
  let last = null;
  for (let sequence = first; sequence < events;) {
    const appends = Array.from({ length: Math.min(AT_ONCE, events - sequence) }, (_, index) => {
      const number = sequence + index;
      const voided = own.length > 0 && number % 50 === 0 ? last : null;
      last = voided ? null : statement({ roll, parties, pair: pairOf(number), source, number });
      return last ?? voiding(voided);
    });
    await appendBatch(pool, dossier, appends, new Date().toISOString());
    progress((sequence += appends.length));
  }
  await pool.end();
  return dossier;
}

/** A tenth has a slug, and another tenth was recorded under an idempotency key. */
function statement({ roll, parties, pair, source, number }) {
  const streamId = uuidv7();
  const [type, stance] = ACTS[roll(ACTS.length)];
  const [party, topic] = pair;
  const saidAt = new Date(Date.UTC(2020, 0, 1) + roll(2_000) * 86_400_000).toISOString().slice(0, 10);
  const slug = number % 10 === 0 ? `s-${number}` : null;
  const stated = {
    party,
    speaker: null,
    topic,
    saidAt,
    attribution: 'direct',
    source: source ?? null,
    passage: {
      exact: `We maintain our proposal not to strike at the very least civilian targets, we said it ${number} times.`,
      prefix: '',
      suffix: '',
    },
    summary: 'They maintain the proposal that they made earlier.',
    addressees: [parties[0]],
    against: null,
    refersTo: null,
    stance: null,
    conditions: [],
    language: 'en',
    translation: null,
    note: null,
  };
  const data = { slug, stated, resolved: { party, topic, stance, conditions: [] }, anchor: null };
  const id = uuidv7();
  const key = `k-${number}`;
  return {
    events: [
      {
        id,
        streamKind: 'statement',
        streamId,
        streamVersion: 1,
        type,
        schemaVersion: 1,
        data: JSON.stringify(data),
      },
    ],
    provenance: { recordedBy: 'admin', correlationId: id, causationId: null },
    claims: slug === null ? [] : [{ name: `statement/${slug}`, streamId }],
    idempotency:
      number % 10 === 1
        ? {
            key,
            fingerprint: createHash('sha256').update(key).digest(),
            answer: JSON.stringify({ id: streamId, sequence: 0, recordedAt: '', version: 1 }),
          }
        : null,
  };
}

function voiding({ events: [{ streamId }] }) {
  const id = uuidv7();
  const data = JSON.stringify({ reason: 'It was another one who said so.' });
  const type = 'RecordVoided';
  return {
    events: [{ id, streamKind: 'statement', streamId, streamVersion: 2, type, schemaVersion: 1, data }],
    provenance: { recordedBy: 'another', correlationId: id, causationId: null },
    claims: [],
    idempotency: null,
  };
}
