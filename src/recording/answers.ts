import { ACT_NAMES } from '../domain/acts.js';
import { PARTY_KINDS } from '../domain/cast.js';
import { ATTRIBUTIONS } from '../domain/statement.js';
import { STANCES } from '../domain/stance.js';
import {
  COUNT,
  EDTF,
  ID,
  INSTANT,
  listOf,
  nullable,
  oneOf,
  record,
  ref,
  SEQUENCE,
  TEXT,
  type Schema,
  type Schemas,
} from '../http/answers.js';

const RECEIPT = { sequence: SEQUENCE, recordedAt: INSTANT };
const LINKS = listOf(ref('Named'));
const named = nullable(ref('Named'));
const text = nullable(TEXT);
const thing = { id: ID, slug: text, version: COUNT };
const left = { redacted: ref('Redaction') };

const PARTY = { ...thing, name: TEXT, aliases: listOf(TEXT), kind: oneOf(PARTY_KINDS) };
const SPEAKER = { ...thing, name: TEXT, aliases: listOf(TEXT), affiliations: listOf(ref('Affiliation')) };
const TOPIC = { ...thing, name: TEXT, proposition: text };
const SOURCE = {
  ...thing,
  title: TEXT,
  url: text,
  outlet: text,
  publishedAt: nullable(EDTF),
  language: text,
  textSha256: text,
};
const DOSSIER = { id: ID, slug: text, title: TEXT, description: text };

const RECORD = { id: ID, version: COUNT, ...RECEIPT, recordedBy: TEXT };
const VOIDED: Schema = { anyOf: [record({ reason: TEXT }), { type: 'null' }] };

/** Since 1970. */
const MILLISECONDS: Schema = { type: 'number' };

const ANCHOR = record({
  status: oneOf(['exact', 'approximate', 'not-found']),
  start: nullable(COUNT),
  end: nullable(COUNT),
  score: { type: 'number', minimum: 0, maximum: 1 },
});

const STATEMENT = {
  ...RECORD,
  slug: text,
  act: oneOf(ACT_NAMES),
  party: named,
  speaker: named,
  topic: named,
  saidAt: EDTF,
  attribution: oneOf(ATTRIBUTIONS),
  source: nullable(ref('NamedSource')),
  passage: { anyOf: [record({ exact: TEXT, prefix: TEXT, suffix: TEXT }), { type: 'null' }] },
  summary: text,
  addressees: LINKS,
  against: named,
  refersTo: nullable(ID),
  stance: { enum: [...STANCES, null] },
  conditions: listOf(TEXT),
  language: text,
  translation: text,
  note: text,
  resolved: record({
    party: named,
    topic: named,
    stance: { enum: [...STANCES, null] },
    conditions: listOf(TEXT),
  }),
  anchor: { anyOf: [ANCHOR, { type: 'null' }] },
  codes: listOf(record({ scheme: oneOf(['CAMEO', 'PLOVER']), code: TEXT })),
  voided: VOIDED,
};

const ASSESSMENT = {
  ...RECORD,
  party: ref('Named'),
  topic: ref('Named'),
  stance: oneOf(STANCES),
  conditions: listOf(TEXT),
  asOf: EDTF,
  basis: listOf(ID),
  rationale: TEXT,
  voided: VOIDED,
};

/** What the recording job answers. */
export const RECORDING_SCHEMAS: Schemas = {
  Affiliation: record({ party: ref('Named'), role: text, from: nullable(EDTF), to: nullable(EDTF) }),
  Dossier: record({
    ...DOSSIER,
    openedAt: INSTANT,
    sequence: SEQUENCE,
    counts: record({ parties: COUNT, speakers: COUNT, topics: COUNT, sources: COUNT, statements: COUNT }),
  }),
  DossierReceipt: record({ ...DOSSIER, ...RECEIPT }),
  Party: record({ ...PARTY, ...left }, { optional: ['redacted'] }),
  PartyReceipt: record({ ...PARTY, ...RECEIPT }),
  Speaker: record({ ...SPEAKER, ...left }, { optional: ['redacted'] }),
  SpeakerReceipt: record({ ...SPEAKER, ...RECEIPT }),
  Topic: record({ ...TOPIC, ...left }, { optional: ['redacted'] }),
  TopicReceipt: record({ ...TOPIC, ...RECEIPT }),
  Source: record({ ...SOURCE, text, ...left }, { optional: ['text', 'redacted'] }),
  SourceReceipt: record({ ...SOURCE, ...RECEIPT }),
  Statement: record(STATEMENT),
  StatementBatch: record({ ...RECEIPT, statements: listOf(ref('Statement')) }),
  Timeline: record({
    known: ref('Known'),
    parties: LINKS,
    speakers: LINKS,
    topics: LINKS,
    acts: listOf(oneOf(ACT_NAMES)),
    dates: listOf(record({ saidAt: EDTF, earliest: nullable(MILLISECONDS), latest: nullable(MILLISECONDS) })),
    marks: record({
      id: listOf(ID),
      said: listOf(MILLISECONDS),
      date: listOf(COUNT),
      act: listOf(COUNT),
      party: listOf(nullable(COUNT)),
      speaker: listOf(nullable(COUNT)),
      topic: listOf(nullable(COUNT)),
      refersTo: listOf(nullable(ID)),
    }),
    next: text,
  }),
  Assessment: record(ASSESSMENT),
  LineResult: {
    oneOf: [
      record({ line: COUNT, status: { const: 201 }, kind: TEXT, id: ID, sequence: SEQUENCE }),
      record({ line: COUNT, status: { type: 'integer', minimum: 400 }, problem: ref('Problem') }),
    ],
  },
  RedactionReceipt: record({
    id: ID,
    version: COUNT,
    ...RECEIPT,
    recordedBy: TEXT,
    redacted: record({ sequences: listOf(SEQUENCE), reason: TEXT, basis: text }),
  }),
  ActRule: record({
    act: oneOf(ACT_NAMES),
    meaning: TEXT,
    refersTo: {
      anyOf: [
        record({
          acts: { anyOf: [{ const: 'any' }, listOf(oneOf(ACT_NAMES))] },
          bond: { enum: ['own', 'against-this-party', null] },
          optional: { type: 'boolean' },
        }),
        { type: 'null' },
      ],
    },
    requires: listOf(oneOf(['topic', 'conditions', 'against'])),
    stance: { enum: [...STANCES, null] },
    codes: listOf(record({ scheme: oneOf(['CAMEO', 'PLOVER']), code: TEXT })),
  }),
};
