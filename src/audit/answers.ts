import { EVENT_SCHEMA } from '../http/event-view.js';
import type { Schemas } from '../http/answers.js';

/** What the audit job answers. */
export const AUDIT_SCHEMAS: Schemas = { Event: EVENT_SCHEMA };
