/** A dossier as a desk has it after years: everything follows from the numbers, so that each run measures the same. */
export const PARTIES = 50;
export const TOPICS = 200;
export const STATEMENTS = 100_000;

const SPEAKERS = 3; // of each party
const ACTS = ['SupportExpressed', 'OpennessDeclared', 'DoubtVoiced', 'OppositionExpressed', 'CommitmentMade', 'AppealMade'];
const DAYS = 3_000;
const FIRST = Date.UTC(2017, 0, 1);

/** Lines of an import. */
export function* lines(statements = STATEMENTS, parties = PARTIES, topics = TOPICS) {
  for (let p = 0; p < parties; p++) yield { kind: 'party', slug: `party-${p}`, name: `Party of the ${ordinal(p)} part` };
  for (let p = 0; p < parties; p++)
    for (let s = 0; s < SPEAKERS; s++)
      yield {
        kind: 'speaker',
        slug: `speaker-${p}-${s}`,
        name: `Speaker ${p + 1}.${s + 1}`,
        affiliations: [{ party: `party-${p}` }],
      };
  for (let t = 0; t < topics; t++)
    yield { kind: 'topic', slug: `topic-${t}`, name: `Proposition ${t + 1} of the talks`, proposition: `Point ${t + 1} is agreed` };
  let seed = 1;
  const draw = (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  for (let n = 0; n < statements; n++) {
    const party = n % parties;
    yield {
      act: ACTS[draw(ACTS.length)],
      party: `party-${party}`,
      speaker: `speaker-${party}-${draw(SPEAKERS)}`,
      topic: `topic-${Math.floor(n / parties) % topics}`,
      saidAt: new Date(FIRST + Math.floor((n / statements) * DAYS) * 86_400_000).toISOString().slice(0, 10),
      attribution: 'direct',
      passage: { exact: `What was said for the ${n + 1}th time, at some length, so that there is something to be read.` },
      ...(draw(9) === 0 && { conditions: ['the other side does the same'] }),
    };
  }
}

const ordinal = (n) => `${n + 1}${['th', 'st', 'nd', 'rd'][(n + 1) % 10 < 4 && Math.floor((n + 1) / 10) !== 1 ? (n + 1) % 10 : 0]}`;

/** Opens the dossier and fills it; resolves with the seconds that the import took. */
export async function fill(url, token, slug, count) {
  const headers = { authorization: `Bearer ${token}` };
  const opened = await fetch(`${url}/api/v1/dossiers`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ slug, title: 'A dossier of years' }),
  });
  if (opened.status !== 201) throw new Error(await opened.text());
  const begin = performance.now();
  const answer = await fetch(`${url}/api/v1/dossiers/${slug}/import?stopOnError=true`, {
    method: 'POST',
    duplex: 'half',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: ReadableStream.from(encoded(lines(count))),
  });
  let last = '';
  const decoder = new TextDecoder();
  for await (const bytes of answer.body) last = (last + decoder.decode(bytes, { stream: true })).slice(-2_000);
  const refused = last.trim().split('\n').at(-1);
  if (!refused.includes('"status":201')) throw new Error(refused);
  return (performance.now() - begin) / 1_000;
}

function* encoded(items) {
  const encoder = new TextEncoder();
  let text = '';
  for (const item of items) {
    text += `${JSON.stringify(item)}\n`;
    if (text.length < 65_536) continue;
    yield encoder.encode(text);
    text = '';
  }
  yield encoder.encode(text);
}
