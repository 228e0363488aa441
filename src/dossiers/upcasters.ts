import type { Upcasters } from '../ledger/event-log.js';

/** How events of old schema versions become those of today. None has changed yet. */
export const UPCASTERS: Upcasters = {};
