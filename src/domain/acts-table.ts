import { ACT_NAMES, ACTS, type Act, type Code, type Reference } from './acts.js';

const HEADINGS = ['act', 'meaning', 'refers to', 'requires', 'default stance', 'CAMEO', 'PLOVER'];

/** The catalogue as a Markdown table, one act a row. */
export function actsTable(): string {
  const rows = [HEADINGS, HEADINGS.map(() => '---'), ...ACT_NAMES.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function cells(act: Act): string[] {
  const { meaning, refersTo, requires = [], stance, codes } = ACTS[act];
  return [
    `\`${act}\``,
    meaning,
    refersTo === undefined ? '' : referenceOf(refersTo),
    requires.join(', '),
    stance ?? 'none',
    codesOf('CAMEO', codes),
    codesOf('PLOVER', codes),
  ];
}

const BONDS = { own: 'of the same party', 'against-this-party': 'against this party' } as const;

function referenceOf({ acts, bond, optional }: Reference): string {
  const answered = acts === 'any' ? 'any statement' : acts.join(', ');
  const bound = bond === undefined ? answered : `${answered} ${BONDS[bond]}`;
  return optional ? `${bound} (optional)` : bound;
}

function codesOf(scheme: Code['scheme'], codes: readonly Code[]): string {
  return codes.flatMap((each) => (each.scheme === scheme ? each.code : [])).join(', ');
}
