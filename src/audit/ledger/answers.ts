import { COUNT, listOf, nullable, record, SEQUENCE, TEXT, type Schemas } from '../../http/answers.js';

/** What proving the log answers. */
export const PROOF_SCHEMAS: Schemas = {
  EventProof: record({
    sequence: SEQUENCE,
    index: COUNT,
    size: COUNT,
    leafHash: TEXT,
    hashes: listOf(TEXT),
    entry: TEXT,
    payload: nullable(TEXT),
    salt: nullable(TEXT),
  }),
  ConsistencyProof: record({ from: COUNT, to: COUNT, hashes: listOf(TEXT) }),
  Cosignatures: record({ size: COUNT, witnesses: listOf(TEXT) }),
  ReplacedKey: record({ publicKey: TEXT, keys: COUNT }),
  ContinuedLog: record({ checkpoint: TEXT }),
};
