import { ACT_NAMES } from './acts.js';
import { Cast, THING_KINDS } from './cast.js';
import { EVENT_TYPES } from './event-types.js';
import { ADDED, CHANGED, takeIntoCast } from './set-up.js';

const SPEAKER = { slug: 'putin', name: 'Vladimir Putin', aliases: ['Putin'], affiliations: [] };

/** A cast that has taken in these events: [type, stream, version, data]. */
function after(...events: readonly (readonly [string, string, number, unknown])[]): Cast {
  const cast = new Cast();
  for (const [type, streamId, streamVersion, data] of events)
    takeIntoCast(cast, { type, streamId, streamVersion, data });
  return cast;
}

test('what is added is in the cast, at its first version', () => {
  const cast = after(
    ['PartyAdded', 'p', 1, { slug: 'russia', name: 'Russia', aliases: ['Moscow'], kind: 'state' }],
    ['SpeakerAdded', 's', 1, SPEAKER],
    ['TopicAdded', 't', 1, { slug: null, name: 'Direct talks', proposition: 'They talk' }],
  );
  expect(cast.party.byId('p')).toEqual({
    id: 'p',
    slug: 'russia',
    version: 1,
    name: 'Russia',
    aliases: ['Moscow'],
    kind: 'state',
  });
  expect(cast.speaker.byId('s')).toEqual({ id: 's', version: 1, ...SPEAKER });
  expect(cast.topic.byId('t')).toEqual({
    id: 't',
    slug: null,
    version: 1,
    name: 'Direct talks',
    aliases: [],
    proposition: 'They talk',
  });
});

test('a source is called by its title', () => {
  const fields = {
    url: 'https://example.org',
    outlet: 'Example',
    publishedAt: '2025',
    language: 'en',
    text: null,
  };
  const cast = after(['SourceAdded', 'o', 1, { slug: 'article', title: 'An article', ...fields }]);
  expect(cast.source.byId('o')).toEqual({
    id: 'o',
    slug: 'article',
    version: 1,
    name: 'An article',
    aliases: [],
    ...fields,
  });
  expect(cast.source.resolve('an article').status).toBe('found');
});

test('every kind of thing is added and changed by types of event that are understood, each naming one change', () => {
  const types = [
    ...Object.values(ADDED),
    ...THING_KINDS.flatMap((kind) => Object.values<string>(CHANGED[kind])),
  ];
  expect(types.filter((type) => !EVENT_TYPES.has(type))).toEqual([]);
  expect(new Set([...types, ...ACT_NAMES]).size).toBe(types.length + ACT_NAMES.length);
});

const changes = THING_KINDS.flatMap((kind) =>
  Object.entries<string>(CHANGED[kind]).map(([field, type]) => [type, kind, field] as const),
);

test.each(changes)('%s gives a %s another %s and nothing else', (type, kind, field) => {
  const added = {
    slug: null,
    name: 'before',
    title: 'before',
    aliases: [],
    affiliations: [],
    kind: 'state',
    proposition: null,
  };
  const cast = after([ADDED[kind], 'x', 1, added], [type, 'x', 2, { from: null, to: 'after' }]);
  const before = after([ADDED[kind], 'x', 1, added])[kind].byId('x');
  const shown = field === 'title' ? 'name' : field;
  expect(cast[kind].byId('x')).toEqual({ ...before, [shown]: 'after', version: 2 });
});

test('a renamed thing is found by its new name, and still by its slug', () => {
  const cast = after(
    ['SpeakerAdded', 's', 1, SPEAKER],
    ['SpeakerRenamed', 's', 2, { from: 'Vladimir Putin', to: 'V. V. Putin' }],
  );
  expect(
    ['putin', 'Putin', 'v. v. putin', 'Vladimir Putin'].map((each) => cast.speaker.resolve(each).status),
  ).toEqual(['found', 'found', 'found', 'unknown']);
});

test('a change of what was never added changes nothing', () => {
  expect(after(['SpeakerRenamed', 's', 2, { from: 'a', to: 'b' }]).speaker.size).toBe(0);
});

test.each(['DossierOpened', 'SourceTextAdded', 'ProposalMade', 'RecordVoided', 'SomethingNew'])(
  '%s is not about the cast',
  (type) => {
    const cast = after([type, 'x', 1, { slug: 'x', name: 'X', title: 'X', aliases: [] }]);
    expect(THING_KINDS.map((kind) => cast[kind].size)).toEqual([0, 0, 0, 0]);
  },
);
