import { createRequire } from 'node:module';

const { default: Sequencer } = createRequire(createRequire(import.meta.url).resolve('jest'))(
  '@jest/test-sequencer',
);

/** Those that take seconds; most mutants are killed before their turn comes. */
const SLOW = ['/append.spec.ts', '/projector.spec.ts', '/append-model.spec.ts', '/outage.spec.ts'];

export default class QuickestFirst extends Sequencer {
  sort(tests) {
    return [...tests].sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  return SLOW.findIndex((ending) => path.endsWith(ending));
}
