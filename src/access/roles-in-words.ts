import { IN_A_DOSSIER, OVERALL, OVERALL_ROLES, ROLES } from './roles.js';

const WORD = { true: 'yes', false: 'no', 'unless closed': 'unless the dossier says otherwise' } as const;

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const rule = (columns: number): string => row(...Array.from({ length: columns }, () => '---'));

/** What each role may do, as tables in Markdown, for the API's document: written from the tables that decide. */
export function rolesInWords(): string {
  const inDossier = Object.entries(IN_A_DOSSIER).map(([permission, roles]) =>
    row(`\`${permission}\``, ...ROLES.map((role) => WORD[`${roles[role]}`])),
  );
  const overall = Object.entries(OVERALL).map(([permission, roles]) =>
    row(`\`${permission}\``, ...(['none', ...OVERALL_ROLES] as const).map((role) => WORD[`${roles[role]}`])),
  );
  return [
    'Each route says in `x-needs` what it needs of whoever asks; `nothing` is open to anyone.',
    '',
    'In a dossier a user has one role or none. Anyone reads a `public` dossier as its reader does, without a token too. A dossier is for its `members` unless it says otherwise, and of a `hidden` one nobody else learns that it is there.',
    '',
    row('', ...ROLES),
    rule(ROLES.length + 1),
    ...inDossier,
    '',
    'In the whole installation a user has one role or none. An administrator may do everything in every dossier as well; whoever opens a dossier as a recorder becomes its recorder.',
    '',
    row('', 'any user', ...OVERALL_ROLES),
    rule(OVERALL_ROLES.length + 2),
    ...overall,
  ].join('\n');
}
