import { acts } from './acts.js';
import { explain } from './explain.js';

const plural = new Intl.PluralRules('en');
const number = new Intl.NumberFormat('en');

/** `count(2, 'party', 'parties')`: 2 parties. */
function count(n: number, one: string, many: string): string {
  return `${number.format(n)} ${plural.select(n) === 'one' ? one : many}`;
}

/** Everything that the desk says in English. A section for each folder; words are those of the product's vocabulary, without synonyms. */
export const en = {
  name: 'Standpoint',
  quoteOpens: '“',
  quoteCloses: '”',
  translated: (words: string) => `Translated: ${words}`,
  noWords: 'Without words.',

  stances: {
    opposed: 'opposed',
    skeptical: 'skeptical',
    noncommittal: 'noncommittal',
    open: 'open',
    supportive: 'supportive',
    none: 'no position',
  },

  shifts: {
    adopted: 'adopted',
    strengthened: 'strengthened',
    softened: 'softened',
    reversed: 'reversed',
    'conditions-changed': 'conditions changed',
    withdrawn: 'withdrawn',
  },

  acts,

  attributions: { direct: 'verbatim', paraphrase: 'paraphrased', reported: 'reported' },

  dates: {
    about: (date: string) => `about ${date}`,
    perhaps: (date: string) => `perhaps ${date}`,
    perhapsAbout: (date: string) => `perhaps about ${date}`,
    between: (from: string, to: string) => `${from} – ${to}`,
    notAfter: (date: string) => `on or before ${date}`,
    notBefore: (date: string) => `on or after ${date}`,
    unknown: 'at an unknown time',
    imprecise: 'not known more exactly',
  },

  clocks: {
    both: 'Which moment is shown',
    said: 'As of',
    saidMeans: 'Said-time: where everyone stood at the end of that day, by what had been said until then.',
    saidDate: 'As of, said until the end of',
    saidNow: 'now',
    endOfDay: 'end of the day, UTC',
    known: 'As known',
    knownMeans:
      'Recorded-time: only what had been entered in our record by then, with the corrections made by then.',
    knownDate: 'As known, recorded until the end of',
    knownEvent: 'As known, recorded until event number',
    eventNumber: 'event',
    knownAll: 'all that is recorded',
    event: (sequence: number) => `event ${number.format(sequence)}`,
    or: 'or',
    back: 'Now, with all that is known',
  },

  save: {
    save: 'Save',
    csv: 'Table (CSV)',
    png: 'Picture (PNG)',
    svg: 'Picture (SVG)',
    print: 'Print',
  },

  counts: {
    statements: (n: number) => count(n, 'statement', 'statements'),
    parties: (n: number) => count(n, 'party', 'parties'),
    topics: (n: number) => count(n, 'topic', 'topics'),
    speakers: (n: number) => count(n, 'speaker', 'speakers'),
    sources: (n: number) => count(n, 'source', 'sources'),
    changes: (n: number) => count(n, 'change', 'changes'),
  },

  problems: {
    explain: (error: Error) =>
      explain(error, 'The service cannot be reached. What you have typed is still here; try again.'),
    title: 'That did not work',
    again: 'Try again',
    notFound: 'There is nothing here',
    notFoundMore: 'The address may be mistyped, or it leads to something that you may not know of.',
    loading: 'Loading…',
  },

  shell: {
    skip: 'Skip to the content',
    dossiers: 'Dossiers',
    users: 'Users',
    api: 'API',
    menu: 'Menu',
    logIn: 'Log in',
    logOut: 'Log out',
    whoYouAre: (name: string) => `Logged in as ${name}`,
    theme: 'Appearance',
    themes: { light: 'Light', dark: 'Dark', auto: 'As the system' },
    tabs: { board: 'Board', timeline: 'Timeline', record: 'Record', audit: 'Audit', lists: 'Lists' },
    sections: 'Sections of the dossier',
    main: 'Main',
  },

  session: {
    invitation: 'Who said what, and where everyone stands. Log in with your token, or follow a login link.',
    token: 'Token',
    whereTokens:
      'An administrator gives it to you. Whoever started the service finds theirs in its first lines.',
    logIn: 'Log in',
    ended: 'Your session has ended',
    nothingIsLost: 'Everything on this page is still as you left it. Log in to go on.',
    wrongToken: 'This token is not valid. It may be mistyped, revoked or expired.',
  },

  lists: {
    dossiers: 'Dossiers',
    noDossiers: 'No dossier yet that you may read.',
    parties: 'Parties',
    speakers: 'Speakers',
    topics: 'Topics',
    sources: 'Sources',
    members: 'Members',
  },

  access: {
    users: 'Users and tokens',
  },

  board: {
    title: 'Board',
    empty: 'Nobody has taken a position yet.',
    grid: 'Where each party stands on each topic',
    corner: 'Party · Topic',
    since: 'since',
    divided: 'divided',
    conditions: (n: number) => count(n, 'condition', 'conditions'),
    changed: 'changed since your last visit',
    changesTitle: 'Changes since your last visit',
    changesSince: (n: number) =>
      `${count(n, 'position has', 'positions have')} changed since your last visit.`,
    showChanges: 'Show them',
    hideChanges: 'Hide them',
    markSeen: 'Mark as seen',
    became: 'became',
    findParties: 'Find parties',
    findTopics: 'Find topics',
    nothingFound: 'No party and topic of these names.',
    csv: 'CSV',
    tools: 'Dates and filters',
    shown: (parties: string, topics: string) => `${parties} × ${topics}`,
    growing: 'more is on its way',
    columns: {
      party: 'party',
      topic: 'topic',
      stance: 'stance',
      conditions: 'conditions',
      since: 'since',
      statements: 'statements',
      voices: 'divided voices',
    },
  },

  position: {
    title: (party: string, topic: string) => `${party} on ${topic}`,
    proposition: (proposition: string) => `“${proposition}”`,
    file: (party: string, topic: string) => `${party} on ${topic}`,
    toAudit: 'How our record of it changed',
    why: 'Where it stands, and why',
    nowhere: '{party} has taken {none} here.',
    nowhereThen: 'By {at}, {party} had taken {none} here.',
    since: '{party} has been {stance} since {date}',
    sinceThen: 'On {at} {party} was {stance}, since {date}',
    because: '{act} by {speaker}, {date}',
    becauseJudged: 'By an assessment of {recorder}, not by a statement',
    toStatement: 'the statement that set it',
    statement: 'statement',
    restsOn: (reaffirmed: number, evidence: number) =>
      [
        reaffirmed === 0
          ? 'Not reaffirmed since'
          : `Reaffirmed by ${count(reaffirmed, 'statement', 'statements')}`,
        ...(evidence === 0
          ? []
          : [`${count(evidence, 'further statement', 'further statements')} as evidence`]),
      ].join(' · '),
    conditions: (conditions: readonly string[]) => `if ${conditions.join('; and if ')}`,
    voices: 'Speaking for it',
    divided: (party: string) => `${party} is divided`,
    voiceSince: 'since {date}',
    history: 'History',
    bandOf: (title: string) => `${title}: its history. The table below says the same.`,
    bandTitle: (stance: string, from: string, to: string | null) =>
      to === null ? `${stance} since ${from}` : `${stance}, ${from} – ${to}`,
    shiftLabel: (shift: string, conditions: number) => (conditions === 0 ? shift : `${shift}, if …`),
    asOf: (date: string) => `as of ${date}`,
    now: 'now',
    stillSo: 'so until now →',
    mark: (act: string, role: string, date: string) => `${act}, ${date}: ${role}`,
    markOfMany: (n: number, date: string) => `${count(n, 'statement', 'statements')} from ${date} on`,
    legend: 'Marks',
    marks: {
      sets: 'sets the position',
      reaffirms: 'reaffirms it',
      evidence: 'evidence',
      assessment: 'our assessment',
      span: 'date not known exactly',
    },
    roles: { sets: 'sets the position', reaffirms: 'reaffirms it', evidence: 'evidence' },
    asTable: 'The same as a table',
    columns: ['From', 'Until', 'Shift', 'Stance', 'Conditions', 'Set by', 'Statements'],
    csvColumns: [
      'from',
      'until',
      'stance',
      'conditions',
      'shift',
      'role',
      'act',
      'said at',
      'speaker',
      'attribution',
      'quote',
      'summary',
      'source',
      'recorded by',
      'recorded at',
      'sequence',
      'id',
    ],
    still: 'still',
    positions: 'Positions and what they rest on',
    fromOn: 'since {from}',
    fromTo: '{from} – {to}',
    laterOnes: (n: number) =>
      `${count(n, 'later position', 'later positions')}, of which nothing had been said by then`,
    beforeAny: 'said before any position',
    more: (n: number) => `Show ${number.format(n)} more`,
    judgement: (basis: number) =>
      basis === 0
        ? 'Our own judgement'
        : `Our own judgement, resting on ${count(basis, 'statement', 'statements')}`,
    recorded: 'recorded by {recorder}, {date}',
  },

  timeline: {
    title: 'Timeline',
  },

  record: {
    title: 'Record',
    statement: 'Statement',
    source: 'Source',
  },

  audit: {
    title: 'Audit',
  },
} as const;
