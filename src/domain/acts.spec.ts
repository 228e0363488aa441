import { ACT_NAMES, ACTS, isAct, type ActRule } from './acts.js';
import { STANCES } from './stance.js';

/** The table of product.md, row by row: act, refers to, requires, default stance, CAMEO, PLOVER. */
const TABLE = `
| ProposalMade | | topic | supportive | 020 | REQUEST |
| CounterProposalMade | ProposalMade, CounterProposalMade | topic | open | – | – |
| ProposalAccepted | ProposalMade, CounterProposalMade | | supportive | 037 | AGREE |
| ProposalRejected | ProposalMade, CounterProposalMade | | opposed | 120 | REJECT |
| ProposalWithdrawn | own ProposalMade, CounterProposalMade | | noncommittal | – | – |
| DemandMade | | topic | supportive | 100 | REQUEST |
| DemandConceded | DemandMade | | supportive | 083 | CONCEDE |
| DemandRejected | DemandMade | | opposed | 120 | REJECT |
| DemandDropped | own DemandMade | | noncommittal | – | CONCEDE |
| ConditionSet | | topic, conditions | supportive | – | – |
| OpennessDeclared | | topic | open | 014 | – |
| SupportExpressed | | topic | supportive | 051 | SUPPORT |
| OppositionExpressed | | topic | opposed | 110 | ACCUSE |
| DoubtVoiced | | topic | skeptical | 110 | – |
| CommitmentMade | | topic | supportive | 030 | AGREE |
| ConcessionOffered | | topic | open | 035 | CONCEDE |
| AppealMade | | topic | supportive | 020 | REQUEST |
| ClarificationIssued | any statement | | none | 010 | – |
| ResponseRequested | any statement | | none | 020 | REQUEST |
| TruceDeclared | | topic | supportive | 0871 | RETREAT |
| TruceAccepted | TruceDeclared | | supportive | 0356 | AGREE |
| TruceRejected | TruceDeclared | | opposed | 1246 | REJECT |
| TruceEnded | own TruceDeclared, TruceAccepted | | opposed | – | – |
| TruceViolationAlleged | TruceDeclared | against | none | 1123 | ACCUSE |
| AllegationMade | | against | none | 112 | ACCUSE |
| AllegationDenied | against this party AllegationMade, TruceViolationAlleged | | none | 016 | – |
| ResponsibilityClaimed | optional any statement | | none | 015 | – |
| CondemnationVoiced | | against | none | 111 | ACCUSE |
| WithdrawalThreatened | | topic | skeptical | 134 | THREATEN |
| WithdrawalAnnounced | | topic | opposed | 164 | SANCTION |
| UltimatumIssued | | topic, conditions, against | supportive | 139 | THREATEN |
| ForceThreatened | | against | none | 138 | THREATEN |
| AgreementSigned | | topic | supportive | 057 | SUPPORT |
| RemarkRetracted | own any statement | | noncommittal | 015 | – |
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const BONDS = { own: 'own ', 'against-this-party': 'against this party ' } as const;

/** A rule as the table writes it. */
function written(act: string, { refersTo, requires = [], stance, codes }: ActRule): string[] {
  const code = (scheme: string): string => codes.find((each) => each.scheme === scheme)?.code ?? '–';
  const acts = refersTo?.acts === 'any' ? 'any statement' : (refersTo?.acts.join(', ') ?? '');
  const bond = refersTo?.bond === undefined ? '' : BONDS[refersTo.bond];
  const optional = refersTo?.optional ? 'optional ' : '';
  return [
    act,
    `${optional}${bond}${acts}`,
    requires.join(', '),
    stance ?? 'none',
    code('CAMEO'),
    code('PLOVER'),
  ];
}

test('the catalogue has the acts of the table, in its order, and no other', () => {
  expect(ACT_NAMES).toEqual(rows.map(([act]) => act));
});

test.each(rows)('%s refers to, requires, means and is coded as the table says', (act = '', ...cells) => {
  expect(isAct(act) && written(act, ACTS[act])).toEqual([act, ...cells]);
});

test('every act is explained in one sentence', () => {
  for (const act of ACT_NAMES) expect(ACTS[act].meaning).toMatch(/^[A-Z].*[.)]$/);
});

test('an act gives at most one code of each scheme, and a stance of the scale or none', () => {
  for (const { codes, stance } of Object.values(ACTS)) {
    expect(new Set(codes.map(({ scheme }) => scheme)).size).toBe(codes.length);
    expect(stance === null || STANCES.includes(stance)).toBe(true);
  }
});

test.each([
  'PositionAssessed',
  'RecordCorrected',
  'RecordVoided',
  'toString',
  '__proto__',
  '',
  'proposalMade',
])('%j is no act', (name) => {
  expect(isAct(name)).toBe(false);
});
