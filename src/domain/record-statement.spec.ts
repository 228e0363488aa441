import { negotiators, recorded, refusalOf } from '../../test/support/core-domain.js';
import { ACT_NAMES, ACTS, type Act } from './acts.js';
import {
  decideCorrection,
  decideStatement,
  missingBasics,
  type StatementChanges,
  type StatementInput,
} from './record-statement.js';
import type { Statement } from './statement.js';

const cast = negotiators();

const basics = {
  saidAt: '2025-04-21',
  attribution: 'reported',
  summary: 'As reported.',
  speaker: 'putin',
} as const;

const decide = (input: Partial<StatementInput> & { act: Act }, referred: Statement | null = null) =>
  decideStatement({ ...basics, ...(referred && { refersTo: referred.id }), ...input }, { cast, referred });

const correct = (statement: Statement, changes: StatementChanges, referred: Statement | null = null) =>
  decideCorrection(statement, changes, { cast, referred });

const refusal = (input: Partial<StatementInput> & { act: Act }, referred: Statement | null = null) =>
  refusalOf(() => decide(input, referred));

describe('what every statement needs', () => {
  test('a speaker or a party', () => {
    expect(missingBasics({ summary: 'x' })).toEqual([
      { path: 'speaker', message: 'a speaker or a party is required' },
    ]);
    expect(missingBasics({ summary: 'x', party: 'russia', speaker: null })).toEqual([]);
  });

  test('a quote, where it is direct', () => {
    const direct = { speaker: 'putin', attribution: 'direct' };
    expect(missingBasics({ ...direct, summary: 'x' })).toEqual([
      { path: 'passage', message: 'a direct quote needs passage.exact' },
    ]);
    expect(missingBasics({ ...direct, passage: { exact: 'x' } })).toEqual([]);
  });

  test('a quote or a summary, where it is not', () => {
    expect(missingBasics({ speaker: 'putin', attribution: 'paraphrase' })).toEqual([
      { path: 'summary', message: 'a passage.exact or a summary is required' },
    ]);
    expect(missingBasics({ speaker: 'putin', attribution: 'reported', passage: { exact: 'x' } })).toEqual([]);
  });
});

describe('what is stated', () => {
  test('references become ids, and what was left out is null', () => {
    const { stated } = decide({
      act: 'AllegationMade',
      speaker: 'Vladimir PUTIN',
      against: 'Kyiv',
      addressees: ['United States'],
    });
    expect(stated).toEqual({
      act: 'AllegationMade',
      party: null,
      speaker: 'putin',
      topic: null,
      saidAt: '2025-04-21',
      attribution: 'reported',
      source: null,
      passage: null,
      summary: 'As reported.',
      addressees: ['usa'],
      against: 'ukraine',
      refersTo: null,
      stance: null,
      conditions: [],
      language: null,
      translation: null,
      note: null,
    });
  });

  test('a passage without surroundings has empty ones', () => {
    const { stated } = decide({ act: 'AllegationMade', against: 'usa', passage: { exact: 'They did it.' } });
    expect(stated.passage).toEqual({ exact: 'They did it.', prefix: '', suffix: '' });
  });
});

describe('whose statement it is', () => {
  const partyOf = (input: Partial<StatementInput>) =>
    decide({ act: 'SupportExpressed', topic: 'direct-talks', ...input }).resolved.party;

  test('the party that is given, whoever speaks', () => {
    expect(partyOf({ party: 'ukraine' })).toBe('ukraine');
  });

  test('else the one that the speaker spoke for at the time', () => {
    expect(partyOf({})).toBe('russia');
    expect(partyOf({ speaker: 'zelenskyy', saidAt: '2019-05-20' })).toBe('ukraine');
  });

  test('nobody’s, where the speaker spoke for no party then', () => {
    expect(partyOf({ speaker: 'zelenskyy', saidAt: '2019-05-19' })).toBeNull();
    expect(partyOf({ speaker: 'critics' })).toBeNull();
  });

  test('nobody’s, where the speaker spoke for several', () => {
    expect(partyOf({ speaker: 'envoy', saidAt: '2024-12-31' })).toBeNull();
    expect(partyOf({ speaker: 'envoy', saidAt: '2025-01-01' })).toBe('usa');
  });

  test('time is said-order’s: an interval speaks for whom its first instant does', () => {
    expect(partyOf({ speaker: 'envoy', saidAt: '2024/2025' })).toBeNull();
    expect(partyOf({ speaker: 'envoy', saidAt: '../2025' })).toBe('usa');
  });
});

describe('what it is about', () => {
  const proposal = recorded('ProposalMade', { party: 'ukraine', topic: 'strikes-stop' });

  test('an answer takes the topic of what it answers, as resolved', () => {
    const derived = recorded('ProposalMade', { party: 'ukraine' }, { topic: 'direct-talks' });
    expect(decide({ act: 'ProposalAccepted' }, derived).resolved.topic).toBe('direct-talks');
    expect(decide({ act: 'ProposalAccepted' }, derived).stated.topic).toBeNull();
  });

  test('an answer that names a topic has that one', () => {
    expect(decide({ act: 'ProposalAccepted', topic: 'direct-talks' }, proposal).resolved.topic).toBe(
      'direct-talks',
    );
  });

  test('a counter-proposal need not name the topic that it is required to have', () => {
    expect(decide({ act: 'CounterProposalMade' }, proposal).resolved).toMatchObject({
      topic: 'strikes-stop',
      stance: 'open',
    });
  });
});

describe('what stance it gives', () => {
  test('the one that the recorder states, else the act’s, else none', () => {
    const of = (act: Act, stance?: 'opposed') =>
      decide({ act, topic: 'direct-talks', against: 'usa', ...(stance && { stance }) }).resolved.stance;
    expect([of('DoubtVoiced', 'opposed'), of('DoubtVoiced'), of('AllegationMade')]).toEqual([
      'opposed',
      'skeptical',
      null,
    ]);
  });

  test('conditions are kept as they are stated', () => {
    const conditions = ['monitors', 'prisoners'];
    expect(decide({ act: 'ConditionSet', topic: 'direct-talks', conditions }).resolved).toMatchObject({
      conditions,
      stance: 'supportive',
    });
  });

  test('a stance without a topic is refused', () => {
    expect(refusal({ act: 'AllegationMade', against: 'usa', stance: 'opposed' })).toMatchObject({
      code: 'requirement-missing',
      paths: ['topic'],
    });
  });
});

/** A statement that each act may answer, and who may answer with it. */
function answerable(act: Act): Statement | null {
  const { refersTo } = ACTS[act];
  if (refersTo === undefined || refersTo.optional) return null;
  const answered = refersTo.acts === 'any' ? 'ProposalMade' : (refersTo.acts[0] ?? 'ProposalMade');
  return recorded(answered, { party: 'russia', topic: 'direct-talks', against: 'russia' });
}

describe.each(ACT_NAMES)('%s', (act) => {
  const { requires = [], refersTo } = ACTS[act];
  const referred = answerable(act);
  const complete = { act, topic: 'direct-talks', conditions: ['monitors'], against: 'russia' };

  test('is recorded with all that it requires', () => {
    expect(decide(complete, referred).resolved).toMatchObject({
      party: 'russia',
      topic: 'direct-talks',
      stance: ACTS[act].stance,
    });
  });

  test('is refused without any of it, each named at once', () => {
    const needed =
      referred === null ? requires : [...requires.filter((each) => each !== 'topic'), 'refersTo'];
    const bare = { act, topic: referred === null ? null : 'direct-talks', conditions: [], against: null };
    const attempt = () => decide(bare, null);
    const paths = needed.length === 0 ? attempt() && [] : refusalOf(attempt).paths;
    expect([...paths].toSorted()).toEqual([...needed].toSorted());
  });

  test('answers only what it may answer', () => {
    const answering = (other: Act) => () =>
      decide(complete, recorded(other, { party: 'russia', topic: 'direct-talks', against: 'russia' }));
    const acts = refersTo === undefined || refersTo.acts === 'any' ? ACT_NAMES : refersTo.acts;
    for (const other of ACT_NAMES)
      if (acts.includes(other)) expect(answering(other)().stated.refersTo).toBe(`a ${other}`);
      else
        expect(refusalOf(answering(other))).toMatchObject({ code: 'wrong-reference', paths: ['refersTo'] });
  });
});

describe('who may answer', () => {
  const theirs = recorded('ProposalMade', { party: 'ukraine', topic: 'direct-talks' });
  const wrong = { code: 'wrong-reference', paths: ['refersTo'] };

  test.each(['ProposalWithdrawn', 'RemarkRetracted'] as const)(
    '%s takes back only what the own party said',
    (act) => {
      expect(decide({ act, speaker: 'zelenskyy' }, theirs).resolved.stance).toBe('noncommittal');
      expect(refusal({ act, speaker: 'putin' }, theirs)).toMatchObject(wrong);
      expect(refusal({ act, speaker: 'critics' }, theirs)).toMatchObject(wrong);
    },
  );

  test('who speaks for no party takes back only what the same speaker said for none', () => {
    const own = recorded('SupportExpressed', { speaker: 'critics', topic: 'direct-talks' });
    expect(decide({ act: 'RemarkRetracted', speaker: 'critics' }, own).resolved.party).toBeNull();
    expect(refusal({ act: 'RemarkRetracted', speaker: 'zelenskyy', saidAt: '1999' }, own)).toMatchObject(
      wrong,
    );
    expect(refusal({ act: 'RemarkRetracted', speaker: 'putin' }, own)).toMatchObject(wrong);
  });

  test('the same speaker, once for a party and once for none, is not the same voice', () => {
    const once = recorded('SupportExpressed', { speaker: 'critics', party: 'usa', topic: 'direct-talks' });
    expect(refusal({ act: 'RemarkRetracted', speaker: 'critics' }, once)).toMatchObject(wrong);
    const before = recorded('SupportExpressed', { speaker: 'putin', topic: 'direct-talks' });
    expect(refusal({ act: 'RemarkRetracted', speaker: 'putin' }, before)).toMatchObject(wrong);
  });

  test('an allegation is denied only by the party that it is directed against', () => {
    const alleged = recorded('AllegationMade', { party: 'ukraine', against: 'russia' });
    expect(decide({ act: 'AllegationDenied', speaker: 'putin' }, alleged).resolved.party).toBe('russia');
    expect(refusal({ act: 'AllegationDenied', speaker: 'zelenskyy' }, alleged)).toMatchObject(wrong);
    expect(refusal({ act: 'AllegationDenied', speaker: 'critics' }, alleged)).toMatchObject(wrong);
    const ofNobody = recorded('AllegationMade', { party: 'ukraine' });
    expect(refusal({ act: 'AllegationDenied', speaker: 'critics' }, ofNobody)).toMatchObject(wrong);
  });

  test('a statement that has been voided cannot be answered', () => {
    const voided = { ...theirs, standing: { status: 'voided', reason: 'wrong outlet' } } as const;
    expect(refusal({ act: 'ClarificationIssued' }, voided)).toMatchObject({
      code: 'voided-reference',
      paths: ['refersTo'],
    });
  });

  test('a statement that is not there cannot be answered', () => {
    expect(refusal({ act: 'ClarificationIssued', refersTo: 'said-1' })).toMatchObject({
      code: 'unknown-reference',
    });
  });
});

test('everything that is wrong is named at once', () => {
  const { code, paths } = refusal({
    act: 'UltimatumIssued',
    speaker: null,
    party: 'Atlantis',
    topic: 'peace',
    addressees: ['russia', 'Avalon'],
    source: 'The Times',
    summary: null,
    refersTo: 'said-1',
  });
  expect(code).toBe('validation-failed');
  expect([...paths].toSorted()).toEqual([
    'addressees.1',
    'against',
    'conditions',
    'party',
    'refersTo',
    'source',
    'summary',
    'topic',
  ]);
});

test('what could not be resolved is not missed a second time', () => {
  expect(refusal({ act: 'ProposalMade', topic: 'peace' }).paths).toStrictEqual(['topic']);
  expect(refusal({ act: 'ProposalMade', topic: null, stance: 'open' }).paths).toStrictEqual(['topic']);
  expect(refusal({ act: 'CounterProposalMade', refersTo: 'said-1' }).paths).toStrictEqual(['refersTo']);
  const theirs = recorded('ProposalMade', { party: 'ukraine', topic: 'direct-talks' });
  expect(refusal({ act: 'ProposalWithdrawn', party: 'Atlantis' }, theirs).paths).toStrictEqual(['party']);
  expect(refusal({ act: 'ProposalWithdrawn', speaker: 'Nobody' }, theirs).paths).toStrictEqual(['speaker']);
  expect(refusal({ act: 'ForceThreatened', against: 'the enemy' })).toMatchObject({
    code: 'ambiguous-reference',
    paths: ['against'],
  });
});

describe('a refusal says what is wrong', () => {
  const proposal = recorded('ProposalMade', { party: 'ukraine', topic: 'direct-talks' });
  const allegation = recorded('AllegationMade', { party: 'ukraine', against: 'usa' });
  const voided = { ...proposal, standing: { status: 'voided', reason: 'wrong outlet' } } as const;

  test.each<[string, Partial<StatementInput> & { act: Act }, Statement | null]>([
    ['ProposalMade requires topic', { act: 'ProposalMade' }, null],
    [
      'a stance is a stance on a topic: name the topic',
      { act: 'AllegationMade', against: 'usa', stance: 'open' },
      null,
    ],
    [
      'no statement in this dossier is called "said-1"',
      { act: 'ProposalMade', topic: 'direct-talks', refersTo: 'said-1' },
      null,
    ],
    ['the statement that it refers to has been voided', { act: 'ProposalAccepted' }, voided],
    ['ClarificationIssued must refer to a statement', { act: 'ClarificationIssued' }, null],
    [
      'ProposalAccepted must refer to a ProposalMade or CounterProposalMade',
      { act: 'ProposalAccepted' },
      null,
    ],
    ['DemandConceded must refer to a DemandMade, not to ProposalMade', { act: 'DemandConceded' }, proposal],
    ['ProposalWithdrawn must refer to a statement of the same party', { act: 'ProposalWithdrawn' }, proposal],
    [
      'AllegationDenied must refer to an allegation against the party that denies it',
      { act: 'AllegationDenied' },
      allegation,
    ],
  ])('%s', (message, input, referred) => {
    expect(refusal(input, referred).errors.map((error) => error.message)).toEqual([message]);
  });
});

describe('a correction', () => {
  const statement = recorded(
    'SupportExpressed',
    { speaker: 'envoy', topic: 'direct-talks', saidAt: '2025' },
    { party: 'usa' },
  );
  const answer = recorded(
    'ProposalAccepted',
    { party: 'russia', refersTo: 'a ProposalMade' },
    { topic: 'strikes-stop', stance: 'supportive' },
  );
  const proposal = recorded('ProposalMade', { party: 'ukraine', topic: 'strikes-stop' });

  test('changes what it names and nothing else', () => {
    const { stated, resolved } = correct(statement, { stance: 'opposed', note: 'A slip.' });
    expect(stated).toEqual({ ...statement.stated, stance: 'opposed', note: 'A slip.' });
    expect(resolved).toEqual({ ...statement.resolved, stance: 'opposed' });
  });

  test('of the date leaves the statement with its party', () => {
    expect(correct(statement, { saidAt: '2024' }).resolved.party).toBe('usa');
  });

  test('of the speaker derives the party anew', () => {
    expect(correct(statement, { speaker: 'putin' }).resolved.party).toBe('russia');
  });

  test('that asks for the party to be derived derives it, as of the corrected date', () => {
    expect(correct(statement, { party: null, saidAt: '2024' }).resolved.party).toBeNull();
  });

  test('that takes a given party away derives it', () => {
    const given = recorded('SupportExpressed', { speaker: 'putin', party: 'usa', topic: 'direct-talks' });
    expect(correct(given, { party: null }).resolved.party).toBe('russia');
  });

  test('of the act gives the new act’s stance, unless one is stated', () => {
    expect(correct(statement, { act: 'DoubtVoiced' }).resolved.stance).toBe('skeptical');
    const stated = recorded('SupportExpressed', { topic: 'direct-talks', speaker: 'putin', stance: 'open' });
    expect(correct(stated, { act: 'DoubtVoiced' }).resolved.stance).toBe('open');
  });

  test('that takes the stated stance away gives the act’s', () => {
    const stated = recorded('DoubtVoiced', { topic: 'direct-talks', speaker: 'putin', stance: 'open' });
    expect(correct(stated, { stance: null }).resolved.stance).toBe('skeptical');
  });

  test('leaves a derived topic as it was derived, although what it answers has another by now', () => {
    const moved = recorded('ProposalMade', { party: 'ukraine', topic: 'direct-talks' });
    expect(correct(answer, { note: 'A slip.' }, moved).resolved.topic).toBe('strikes-stop');
    expect(correct(answer, { topic: null }, moved).resolved.topic).toBe('direct-talks');
  });

  test('of what is answered takes the topic of the statement that is answered now', () => {
    const other = {
      ...recorded('CounterProposalMade', { party: 'usa', topic: 'direct-talks' }),
      id: 'other',
    };
    expect(correct(answer, { refersTo: 'other' }, other).resolved.topic).toBe('direct-talks');
  });

  test('may not take away what the act requires', () => {
    expect(refusalOf(() => correct(statement, { topic: null }))).toMatchObject({
      code: 'requirement-missing',
      paths: ['changes.topic'],
    });
    expect(refusalOf(() => correct(statement, { speaker: null })).paths).toEqual(['changes.speaker']);
    expect(refusalOf(() => correct(answer, { refersTo: null }))).toMatchObject({
      code: 'requirement-missing',
    });
  });

  test('may not make an answer of what cannot answer', () => {
    expect(refusalOf(() => correct(answer, { act: 'DemandConceded' }, proposal))).toMatchObject({
      code: 'wrong-reference',
    });
    expect(refusalOf(() => correct(answer, { act: 'ProposalWithdrawn' }, proposal))).toMatchObject({
      code: 'wrong-reference',
    });
    expect(correct(answer, { act: 'ProposalRejected' }, proposal).resolved.stance).toBe('opposed');
    const withdrawal = recorded('ProposalWithdrawn', { party: 'ukraine', refersTo: proposal.id });
    expect(refusalOf(() => correct(withdrawal, { party: 'russia' }, proposal))).toMatchObject({
      code: 'wrong-reference',
    });
  });

  test('is not refused for what it does not touch: what was answered may have been voided since, or be another act', () => {
    const voided = { ...proposal, standing: { status: 'voided', reason: 'wrong outlet' } } as const;
    expect(correct(answer, { note: 'A slip.' }, voided).stated.note).toBe('A slip.');
    const another = { ...recorded('DemandMade', { party: 'ukraine' }), id: proposal.id };
    expect(correct(answer, { note: 'A slip.' }, another).stated.note).toBe('A slip.');
    expect(refusalOf(() => correct(statement, { refersTo: proposal.id }, voided)).code).toBe(
      'voided-reference',
    );
  });

  test('that changes nothing is refused', () => {
    expect(() => correct(statement, {})).toThrow('The statement already says all of this.');
    expect(refusalOf(() => correct(statement, {})).code).toBe('nothing-changed');
    expect(refusalOf(() => correct(statement, { topic: 'Direct TALKS', stance: null })).code).toBe(
      'nothing-changed',
    );
  });
});
