import { Choice, InstantText, LONGEST, Slug, Text } from '../../http/fields.js';
import { OVERALL_ROLES, type OverallRole } from '../roles.js';

const reason = { max: LONGEST.line } as const;

export class NewUser {
  @Slug({ description: 'What is recorded as `recordedBy`. It is never changed.' })
  readonly slug!: string;

  @Text({ max: LONGEST.name, optional: true })
  readonly name?: string | null;

  @Choice(OVERALL_ROLES, { optional: true, name: 'OverallRole' })
  readonly role?: OverallRole | null;
}

export class UserRole {
  @Choice([...OVERALL_ROLES, 'none'], {
    description: '`recorder`: may open dossiers. `administrator`: may do everything everywhere.',
  })
  readonly role!: OverallRole | 'none';

  @Text({ ...reason, optional: true })
  readonly reason?: string | null;
}

/** Why somebody is kept out, or let in again. */
export class UserReason {
  @Text(reason)
  readonly reason!: string;
}

export class NewToken {
  @Text({ max: LONGEST.name, optional: true, description: 'What it is for.' })
  readonly label?: string | null;

  @InstantText({ optional: true, description: 'From when on it is refused; never, if not given.' })
  readonly expiresAt?: string | null;
}
