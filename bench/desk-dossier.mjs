/** A dossier as a desk has it after years: everything follows from the numbers, so that each run measures the same. */
export const PARTIES = 50;
export const TOPICS = 200;
export const STATEMENTS = 100_000;

const SPEAKERS = 3; // of each party
const ACTS = [
  'SupportExpressed',
  'OpennessDeclared',
  'DoubtVoiced',
  'OppositionExpressed',
  'CommitmentMade',
  'AppealMade',
];
const DAYS = 3_000;
const BATCH = 1_000;
const FIRST = Date.UTC(2017, 0, 1);

/** Lines of an import: who and what it is about. */
function* cast() {
  const [parties, topics] = [PARTIES, TOPICS];
  for (let p = 0; p < parties; p++)
    yield { kind: 'party', slug: `party-${p}`, name: `Party of the ${ordinal(p)} part` };
  for (let p = 0; p < parties; p++)
    for (let s = 0; s < SPEAKERS; s++)
      yield {
        kind: 'speaker',
        slug: `speaker-${p}-${s}`,
        name: `Speaker ${p + 1}.${s + 1}`,
        affiliations: [{ party: `party-${p}` }],
      };
  for (let t = 0; t < topics; t++)
    yield {
      kind: 'topic',
      slug: `topic-${t}`,
      name: `Proposition ${t + 1} of the talks`,
      proposition: `Point ${t + 1} is agreed`,
    };
}

function* statementsOf(statements) {
  const [parties, topics] = [PARTIES, TOPICS];
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
      passage: { exact: sentence(draw) },
      ...(draw(9) === 0 && { conditions: ['the other side does the same'] }),
    };
  }
}

const SYLLABLES = [
  'ta',
  'ri',
  'mo',
  'ken',
  'sul',
  'ba',
  'dor',
  'vi',
  'pel',
  'na',
  'gos',
  'ime',
  'lu',
  'zar',
  'che',
  'wo',
];

/** Words that are not said twice: what resembles something else is looked at as a possible duplicate. */
function sentence(draw) {
  const word = () => Array.from({ length: 2 + draw(2) }, () => SYLLABLES[draw(SYLLABLES.length)]).join('');
  return `${Array.from({ length: 14 }, word).join(' ')}.`;
}

const ordinal = (n) =>
  `${n + 1}${['th', 'st', 'nd', 'rd'][(n + 1) % 10 < 4 && Math.floor((n + 1) / 10) !== 1 ? (n + 1) % 10 : 0]}`;

/** Opens the dossier and fills it; resolves with the seconds that it took. */
export async function fill(url, token, slug, count = STATEMENTS) {
  const post = async (path, type, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const answer = await fetch(`${url}/api/v1/dossiers${path}`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (answer.status > 201 || text.includes('"problem":')) throw new Error(text.slice(0, 500));
  };
  const begin = performance.now();
  await post('', 'application/json', JSON.stringify({ slug, title: 'A dossier of years' }));
  await post(
    `/${slug}/import`,
    'application/x-ndjson',
    [...cast()].map((line) => JSON.stringify(line)).join('\n'),
  );
  let batch = [];
  for (const statement of statementsOf(count)) {
    batch.push(statement);
    if (batch.length < BATCH) continue;
    await post(`/${slug}/statements/batch`, 'application/json', JSON.stringify({ statements: batch }));
    batch = [];
  }
  return (performance.now() - begin) / 1_000;
}
