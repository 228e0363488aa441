import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ACCESS_SCHEMAS } from './access/answers.js';
import { rolesInWords } from './access/roles-in-words.js';
import { AUDIT_SCHEMAS } from './audit/answers.js';
import { PROOF_SCHEMAS } from './audit/ledger/answers.js';
import { describeApi } from './http/openapi.js';
import { OPERATING_SCHEMAS } from './operating/projections.controller.js';
import { POSITION_SCHEMAS } from './positions/answers.js';
import { RECORDING_SCHEMAS } from './recording/answers.js';
import { NewStatement } from './recording/statements/inputs.js';
import { VERSION } from './version.js';

/** The whole service's OpenAPI document. It needs no database: the pages' client is generated from it while they are built. */
export function describeService(app: INestApplication): OpenAPIObject {
  return describeApi(app, {
    version: VERSION,
    notes: rolesInWords(),
    schemas: [
      RECORDING_SCHEMAS,
      POSITION_SCHEMAS,
      AUDIT_SCHEMAS,
      PROOF_SCHEMAS,
      OPERATING_SCHEMAS,
      ACCESS_SCHEMAS,
    ],
    bodies: [NewStatement],
  });
}
