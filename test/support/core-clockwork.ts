import { createHash } from 'node:crypto';
import type { Surroundings } from '../../src/dossiers/surroundings.js';

const BEGINNING = Date.parse('2025-05-01T12:00:00.000Z');

/** Time and ids under the test's control: the same salt makes the same ids. */
export class Clockwork implements Surroundings {
  private instant = BEGINNING;
  private ids = 0;
  private salt = '';

  readonly now = (): string => new Date(this.instant).toISOString();

  readonly newId = (): string => {
    const hex = createHash('sha256').update(`${this.salt} ${this.ids++}`).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };

  /** The same bytes for ever. */
  readonly random = (count: number): Buffer => Buffer.alloc(count, 7);

  /** `salt`: what no other dossier's ids begin with. */
  restart(salt: string): void {
    Object.assign(this, { salt, ids: 0, instant: BEGINNING });
  }

  tick(milliseconds: number): void {
    this.instant += milliseconds;
  }
}
