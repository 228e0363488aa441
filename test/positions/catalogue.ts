/** How product.md puts a stance: from most against to most for. */
export type Stance = 'opposed' | 'skeptical' | 'noncommittal' | 'open' | 'supportive';

export interface Row {
  /** What it must refer to; empty: nothing. */
  readonly refersTo: 'any' | readonly string[];
  readonly optional?: true;
  readonly bond?: 'own' | 'against this party';
  readonly requires: readonly ('topic' | 'conditions' | 'against')[];
  readonly stance: Stance | null;
}

const topic = ['topic'] as const;
const against = ['against'] as const;
const proposals = ['ProposalMade', 'CounterProposalMade'];
const free = { refersTo: [] } as const;
const any = { refersTo: 'any', requires: [] } as const;
const to = (...acts: string[]): Pick<Row, 'refersTo' | 'requires'> => ({ refersTo: acts, requires: [] });

/** The table of acts in product.md, copied by hand: what src/domain/acts.ts says must not decide whether it is right. */
export const TABLE: Readonly<Record<string, Row>> = {
  ProposalMade: { ...free, requires: topic, stance: 'supportive' },
  CounterProposalMade: { refersTo: proposals, requires: topic, stance: 'open' },
  ProposalAccepted: { ...to(...proposals), stance: 'supportive' },
  ProposalRejected: { ...to(...proposals), stance: 'opposed' },
  ProposalWithdrawn: { ...to(...proposals), bond: 'own', stance: 'noncommittal' },
  DemandMade: { ...free, requires: topic, stance: 'supportive' },
  DemandConceded: { ...to('DemandMade'), stance: 'supportive' },
  DemandRejected: { ...to('DemandMade'), stance: 'opposed' },
  DemandDropped: { ...to('DemandMade'), bond: 'own', stance: 'noncommittal' },
  ConditionSet: { ...free, requires: ['topic', 'conditions'], stance: 'supportive' },
  OpennessDeclared: { ...free, requires: topic, stance: 'open' },
  SupportExpressed: { ...free, requires: topic, stance: 'supportive' },
  OppositionExpressed: { ...free, requires: topic, stance: 'opposed' },
  DoubtVoiced: { ...free, requires: topic, stance: 'skeptical' },
  CommitmentMade: { ...free, requires: topic, stance: 'supportive' },
  ConcessionOffered: { ...free, requires: topic, stance: 'open' },
  AppealMade: { ...free, requires: topic, stance: 'supportive' },
  ClarificationIssued: { ...any, stance: null },
  ResponseRequested: { ...any, stance: null },
  TruceDeclared: { ...free, requires: topic, stance: 'supportive' },
  TruceAccepted: { ...to('TruceDeclared'), stance: 'supportive' },
  TruceRejected: { ...to('TruceDeclared'), stance: 'opposed' },
  TruceEnded: { ...to('TruceDeclared', 'TruceAccepted'), bond: 'own', stance: 'opposed' },
  TruceViolationAlleged: { ...to('TruceDeclared'), requires: against, stance: null },
  AllegationMade: { ...free, requires: against, stance: null },
  AllegationDenied: {
    ...to('AllegationMade', 'TruceViolationAlleged'),
    bond: 'against this party',
    stance: null,
  },
  ResponsibilityClaimed: { ...any, optional: true, stance: null },
  CondemnationVoiced: { ...free, requires: against, stance: null },
  WithdrawalThreatened: { ...free, requires: topic, stance: 'skeptical' },
  WithdrawalAnnounced: { ...free, requires: topic, stance: 'opposed' },
  UltimatumIssued: { ...free, requires: ['topic', 'conditions', 'against'], stance: 'supportive' },
  ForceThreatened: { ...free, requires: against, stance: null },
  AgreementSigned: { ...free, requires: topic, stance: 'supportive' },
  RemarkRetracted: { ...any, bond: 'own', stance: 'noncommittal' },
};
