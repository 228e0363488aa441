import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(createRequire(import.meta.url).resolve('jest'))(
  '@jest/test-sequencer',
);

/** Those that take seconds, or that wait where something is amiss. Most mutants are killed before their turn comes. */
const SLOW = ['append', 'projection-runner', 'projector', 'append-model', 'outage', 'follower'];

export default class QuickestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  return SLOW.findIndex((name) => path.endsWith(`/test/ledger/${name}.spec.ts`));
}
