import type { Stance } from './stance.js';

/** A code of another field's scheme, for export. Stored in this form. */
export interface Code {
  readonly scheme: 'CAMEO' | 'PLOVER';
  readonly code: string;
}

/**
 * Whose statement an act may answer: its own party's (`own`), or one whose allegation is directed against its party (`against-this-party`).
 */
export type Bond = 'own' | 'against-this-party';

export interface Reference {
  readonly acts: 'any' | readonly string[];
  readonly bond?: Bond;
  readonly optional?: true;
}

/** What an act must bring besides what every statement brings. */
export type Requirement = 'topic' | 'conditions' | 'against';

export interface ActRule {
  /** One sentence for forms and documentation. */
  readonly meaning: string;
  /** What it must refer to; an act without this may refer to any statement. */
  readonly refersTo?: Reference;
  readonly requires?: readonly Requirement[];
  /** The stance it gives its party on its topic unless the recorder states one. Null: it gives none and keeps the current one. */
  readonly stance: Stance | null;
  readonly codes: readonly Code[];
}

const cameo = (code: string): Code => ({ scheme: 'CAMEO', code });
const plover = (code: string): Code => ({ scheme: 'PLOVER', code });
const onTopic = ['topic'] as const;
const againstSomeone = ['against'] as const;
const A_PROPOSAL = ['ProposalMade', 'CounterProposalMade'] as const;

/**
 * The one place where an act is defined: event types, validation, the API's schema, the stance rule, the crosswalk to
 * CAMEO (Schrodt 2012) and PLOVER (Open Event Data Alliance) and docs/acts.md follow from it.
 * The names are stored as event types: add to them, never rename one.
 */
const catalogue = {
  ProposalMade: {
    meaning: 'Proposes what the topic says.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('020'), plover('REQUEST')],
  },
  CounterProposalMade: {
    meaning: 'Answers a proposal with another one.',
    refersTo: { acts: A_PROPOSAL },
    requires: onTopic,
    stance: 'open',
    codes: [],
  },
  ProposalAccepted: {
    meaning: 'Accepts a proposal.',
    refersTo: { acts: A_PROPOSAL },
    stance: 'supportive',
    codes: [cameo('037'), plover('AGREE')],
  },
  ProposalRejected: {
    meaning: 'Rejects a proposal.',
    refersTo: { acts: A_PROPOSAL },
    stance: 'opposed',
    codes: [cameo('120'), plover('REJECT')],
  },
  ProposalWithdrawn: {
    meaning: 'Takes back a proposal of its own.',
    refersTo: { acts: A_PROPOSAL, bond: 'own' },
    stance: 'noncommittal',
    codes: [],
  },
  DemandMade: {
    meaning: 'Demands what the topic says.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('100'), plover('REQUEST')],
  },
  DemandConceded: {
    meaning: 'Gives in to a demand.',
    refersTo: { acts: ['DemandMade'] },
    stance: 'supportive',
    codes: [cameo('083'), plover('CONCEDE')],
  },
  DemandRejected: {
    meaning: 'Rejects a demand.',
    refersTo: { acts: ['DemandMade'] },
    stance: 'opposed',
    codes: [cameo('120'), plover('REJECT')],
  },
  DemandDropped: {
    meaning: 'Drops a demand of its own.',
    refersTo: { acts: ['DemandMade'], bond: 'own' },
    stance: 'noncommittal',
    codes: [plover('CONCEDE')],
  },
  ConditionSet: {
    meaning: 'Names the conditions on which it supports the topic.',
    requires: ['topic', 'conditions'],
    stance: 'supportive',
    codes: [],
  },
  OpennessDeclared: {
    meaning: 'Declares itself open to the topic.',
    requires: onTopic,
    stance: 'open',
    codes: [cameo('014')],
  },
  SupportExpressed: {
    meaning: 'Expresses support for the topic.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('051'), plover('SUPPORT')],
  },
  OppositionExpressed: {
    meaning: 'Expresses opposition to the topic.',
    requires: onTopic,
    stance: 'opposed',
    codes: [cameo('110'), plover('ACCUSE')],
  },
  DoubtVoiced: {
    meaning: 'Voices doubt about the topic.',
    requires: onTopic,
    stance: 'skeptical',
    codes: [cameo('110')],
  },
  CommitmentMade: {
    meaning: 'Commits itself to what the topic says.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('030'), plover('AGREE')],
  },
  ConcessionOffered: {
    meaning: 'Offers to give way on the topic.',
    requires: onTopic,
    stance: 'open',
    codes: [cameo('035'), plover('CONCEDE')],
  },
  AppealMade: {
    meaning: 'Appeals to others for what the topic says.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('020'), plover('REQUEST')],
  },
  ClarificationIssued: {
    meaning: 'Explains an earlier statement; gives a stance only where the recorder states one.',
    refersTo: { acts: 'any' },
    stance: null,
    codes: [cameo('010')],
  },
  ResponseRequested: {
    meaning: 'Asks for an answer to a statement.',
    refersTo: { acts: 'any' },
    stance: null,
    codes: [cameo('020'), plover('REQUEST')],
  },
  TruceDeclared: {
    meaning: 'Declares a truce.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('0871'), plover('RETREAT')],
  },
  TruceAccepted: {
    meaning: 'Accepts a truce that was declared.',
    refersTo: { acts: ['TruceDeclared'] },
    stance: 'supportive',
    codes: [cameo('0356'), plover('AGREE')],
  },
  TruceRejected: {
    meaning: 'Rejects a truce that was declared.',
    refersTo: { acts: ['TruceDeclared'] },
    stance: 'opposed',
    codes: [cameo('1246'), plover('REJECT')],
  },
  TruceEnded: {
    meaning: 'Ends a truce that it had declared or accepted.',
    refersTo: { acts: ['TruceDeclared', 'TruceAccepted'], bond: 'own' },
    stance: 'opposed',
    codes: [],
  },
  TruceViolationAlleged: {
    meaning: 'Accuses someone of violating a truce.',
    refersTo: { acts: ['TruceDeclared'] },
    requires: againstSomeone,
    stance: null,
    codes: [cameo('1123'), plover('ACCUSE')],
  },
  AllegationMade: {
    meaning: 'Accuses someone.',
    requires: againstSomeone,
    stance: null,
    codes: [cameo('112'), plover('ACCUSE')],
  },
  AllegationDenied: {
    meaning: 'Denies an allegation made against it.',
    refersTo: { acts: ['AllegationMade', 'TruceViolationAlleged'], bond: 'against-this-party' },
    stance: null,
    codes: [cameo('016')],
  },
  ResponsibilityClaimed: {
    meaning: 'Claims responsibility, for what a statement alleges or unasked.',
    refersTo: { acts: 'any', optional: true },
    stance: null,
    codes: [cameo('015')],
  },
  CondemnationVoiced: {
    meaning: 'Condemns someone.',
    requires: againstSomeone,
    stance: null,
    codes: [cameo('111'), plover('ACCUSE')],
  },
  WithdrawalThreatened: {
    meaning: 'Threatens to withdraw from what the topic says.',
    requires: onTopic,
    stance: 'skeptical',
    codes: [cameo('134'), plover('THREATEN')],
  },
  WithdrawalAnnounced: {
    meaning: 'Announces its withdrawal from what the topic says.',
    requires: onTopic,
    stance: 'opposed',
    codes: [cameo('164'), plover('SANCTION')],
  },
  UltimatumIssued: {
    meaning: 'Demands what the topic says of someone, under conditions.',
    requires: ['topic', 'conditions', 'against'],
    stance: 'supportive',
    codes: [cameo('139'), plover('THREATEN')],
  },
  ForceThreatened: {
    meaning: 'Threatens someone with force.',
    requires: againstSomeone,
    stance: null,
    codes: [cameo('138'), plover('THREATEN')],
  },
  AgreementSigned: {
    meaning: 'Signs an agreement to what the topic says.',
    requires: onTopic,
    stance: 'supportive',
    codes: [cameo('057'), plover('SUPPORT')],
  },
  RemarkRetracted: {
    meaning: 'The speaker takes back a statement of the own party. (A mistake of ours is RecordVoided.)',
    refersTo: { acts: 'any', bond: 'own' },
    stance: 'noncommittal',
    codes: [cameo('015')],
  },
} as const satisfies Record<string, ActRule>;

export type Act = keyof typeof catalogue;

/** Every act with its rule. A rule that names an act that is not here does not compile. */
export const ACTS: Readonly<
  Record<Act, ActRule & { readonly refersTo?: { readonly acts: 'any' | readonly Act[] } }>
> = catalogue;

export const ACT_NAMES = Object.keys(catalogue) as readonly Act[]; // holds: the keys of the object that defines Act

export function isAct(name: string): name is Act {
  return Object.hasOwn(catalogue, name);
}
