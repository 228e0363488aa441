import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parseSaidAt } from '../../src/domain/said-at.js';
import { MemberRole } from '../../src/access/members/members.controller.js';
import { VisibilityChange } from '../../src/access/members/visibility.controller.js';
import { Login } from '../../src/access/sessions/session.controller.js';
import { NewToken, NewUser, UserReason, UserRole } from '../../src/access/users/inputs.js';
import { explain, type BodyType } from '../../src/http/body-checker.js';
import { isInstantText } from '../../src/http/queries.js';
import {
  AssessmentCorrection,
  ChangedAssessment,
  NewAssessment,
} from '../../src/recording/assessments/inputs.js';
import {
  AffiliationInput,
  PartyChanges,
  PartyInput,
  SourceChanges,
  SourceInput,
  SpeakerChanges,
  SpeakerInput,
  TopicChanges,
  TopicInput,
} from '../../src/recording/cast/inputs.js';
import { NewDossier } from '../../src/recording/dossiers/dossiers.controller.js';
import {
  ChangedFields,
  Correction,
  NewStatement,
  NewStatements,
  PassageInput,
} from '../../src/recording/statements/inputs.js';
import { LedgerReason } from '../../src/audit/ledger/keys.controller.js';
import { CosignedCheckpoint } from '../../src/audit/ledger/ledger.controller.js';
import { Reason } from '../../src/recording/records/standing.controller.js';
import { RedactionOrder } from '../../src/recording/redaction/redaction.controller.js';
import { bodiesFor, type NamedSchemas } from '../support/http-bodies.js';
import { startService, type FreshService } from '../support/service.js';

const BODIES: readonly BodyType<object>[] = [
  NewDossier,
  PartyInput,
  PartyChanges,
  SpeakerInput,
  SpeakerChanges,
  AffiliationInput,
  TopicInput,
  TopicChanges,
  SourceInput,
  SourceChanges,
  NewStatement,
  NewStatements,
  PassageInput,
  ChangedFields,
  Correction,
  Reason,
  RedactionOrder,
  CosignedCheckpoint,
  LedgerReason,
  NewAssessment,
  ChangedAssessment,
  AssessmentCorrection,
  NewUser,
  UserRole,
  UserReason,
  NewToken,
  MemberRole,
  VisibilityChange,
  Login,
];

const RUNS = 600;
const seed = Number(process.env.STANDPOINT_TEST_SEED ?? randomInt(2 ** 31));

let running: FreshService;
let schemas: NamedSchemas;
const ajv = new Ajv2020({ allErrors: true, strict: false });

beforeAll(async () => {
  running = await startService();
  const { document } = running.service.contract;
  schemas = document.components.schemas;
  ajv.addFormat('date-time', isInstantText);
  ajv.addFormat('edtf', (text: string) => parseSaidAt(text) !== null);
  ajv.addSchema(document, 'openapi');
});

afterAll(() => running?.end());

/** The schema as the service compiles it. */
const compiled = (name: string): ValidateFunction =>
  ajv.compile({ $ref: `openapi#/components/schemas/${name}` });

describe(`The schema that accepts and the classes that explain agree (STANDPOINT_TEST_SEED=${seed})`, () => {
  it('on every body that a route takes', () => {
    const taken = running.service.contract.routes.flatMap(({ operation }) => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      return typeof schema?.$ref === 'string' ? [schema.$ref.split('/').at(-1)] : [];
    });
    const known = new Set(BODIES.map(({ name }) => name));
    expect(taken.filter((name) => name === undefined || !known.has(name))).toEqual([]);
  });

  it.each(BODIES.map((type): [string, BodyType<object>] => [type.name, type]))('on %s', (name, type) => {
    const accepts = compiled(name);
    let accepted = 0;
    fc.assert(
      fc.property(bodiesFor(schemas[name] ?? {}, schemas), (body) => {
        const told = explain(type, structuredClone(body));
        const faults = accepts(body) ? [] : (accepts.errors ?? []);
        if (faults.length === 0) accepted++;
        if (told.length > 0 !== faults.length > 0)
          throw new Error(
            `${JSON.stringify({ told, faults }).slice(0, 1_000)} of ${JSON.stringify(body).slice(0, 2_000)}`,
          );
      }),
      { seed, numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 20);
    expect(accepted).toBeLessThan(RUNS);
  });
});
