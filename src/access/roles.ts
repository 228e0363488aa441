/** What a user is in one dossier. Stored in events: never renamed. */
export const ROLES = ['reader', 'auditor', 'recorder'] as const;
export type Role = (typeof ROLES)[number];

/** What a user is in the whole installation: a recorder may open dossiers, an administrator may do everything everywhere. Stored likewise. */
export const OVERALL_ROLES = ['recorder', 'administrator'] as const;
export type OverallRole = (typeof OVERALL_ROLES)[number];

/** Who may read a dossier: anyone, with or without a token; its members; its members, and nobody else learns that it is there. Stored likewise. */
export const VISIBILITIES = ['public', 'members', 'hidden'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Who may look at a dossier's log: whoever may read it, or auditors and recorders alone. Stored likewise. */
export const AUDITS = ['readers', 'auditors'] as const;
export type Audits = (typeof AUDITS)[number];

/** How a dossier is set. */
export interface DossierSettings {
  readonly visibility: Visibility;
  readonly audits: Audits;
}

/** How a dossier is set unless an administrator says otherwise. */
export const DEFAULT_SETTINGS: DossierSettings = { visibility: 'members', audits: 'readers' };

/**
 * What each role may do in a dossier. An administrator may do all of it in every dossier. `unless closed`: where the dossier's log is for
 * its readers too. Whoever reads a public dossier without being a member is a reader of it.
 */
export const IN_A_DOSSIER = {
  /** Look at what was recorded and at the positions that follow from it. */
  read: { reader: true, auditor: true, recorder: true },
  /** Look at the log itself. */
  audit: { reader: 'unless closed', auditor: true, recorder: true },
  /** Look at who may do what in it, and at how that changed. */
  oversee: { reader: false, auditor: true, recorder: true },
  /** Record, correct, void, import, set up. */
  record: { reader: false, auditor: false, recorder: true },
} as const satisfies Record<string, Record<Role, boolean | 'unless closed'>>;
export type DossierPermission = keyof typeof IN_A_DOSSIER;

/** What users may do beyond any one dossier, by their role in the whole installation (`none`: any user). */
export const OVERALL = {
  /** Have a name: ask who one is, list what one may read, read the catalogue of acts. */
  enter: { none: true, recorder: true, administrator: true },
  /** Open a dossier, and be its first recorder. */
  open: { none: false, recorder: true, administrator: true },
  /** Users, tokens, members, visibility, projections. */
  administer: { none: false, recorder: false, administrator: true },
} as const satisfies Record<string, Record<OverallRole | 'none', boolean>>;
export type OverallPermission = keyof typeof OVERALL;

/** What a route needs. `nothing`: anyone may ask, without a token. */
export type Permission = 'nothing' | OverallPermission | DossierPermission;

export function isOfDossier(permission: Permission): permission is DossierPermission {
  return permission in IN_A_DOSSIER;
}

/** Whether a role (null: no member) may do something in a dossier that is set so. */
export function mayInDossier(
  permission: DossierPermission,
  role: Role | null,
  { visibility, audits }: DossierSettings,
): boolean {
  const as = role ?? (visibility === 'public' ? 'reader' : null);
  if (as === null) return false;
  const may = IN_A_DOSSIER[permission][as];
  return may === 'unless closed' ? audits === 'readers' : may;
}

export function mayOverall(permission: OverallPermission, role: OverallRole | null): boolean {
  return OVERALL[permission][role ?? 'none'];
}
