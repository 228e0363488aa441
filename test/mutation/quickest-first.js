import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(createRequire(import.meta.url).resolve('jest'))(
  '@jest/test-sequencer',
);

/** Those that take seconds, or that wait where something is amiss. Most mutants are killed before their turn comes. */
const SLOW = [
  'ledger/append',
  'ledger/append-conditions',
  'ledger/append-repeats',
  'ledger/projection-runner',
  'ledger/projection-readers',
  'ledger/projector',
  'ledger/rebuild',
  'ledger/append-model',
  'ledger/outage',
  'ledger/follower',
  'proof/rotations',
  'proof/stored',
  'proof/witnesses',
  'proof/proof-module',
  'proof/proven-root',
  'proof/signer',
  'proof/signing',
  'proof/keeping',
  'proof/sweeping',
  'proof/proofs',
  'proof/leaves',
];

export default class QuickestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  return SLOW.findIndex((name) => path.endsWith(`/test/${name}.spec.ts`));
}
