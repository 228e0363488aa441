import { createRequire } from 'node:module';
import { basename } from 'node:path';

/** Jest's own runner, of the version that Jest itself uses. */
const { default: runFile } = createRequire(createRequire(import.meta.url).resolve('jest'))(
  'jest-circus/runner',
);

/**
 * Specs that need a database reach more of the ledger than they are about, and take seconds: the files that they decide over. A mutant
 * elsewhere that only they would notice counts as one that survives.
 */
const ABOUT = {
  append: /(append-batch|appender|gathering|binary-array|event|expectations)\.ts$/,
  'append-conditions': /(append-batch|appender|gathering|binary-array|event|expectations)\.ts$/,
  'append-repeats': /(append-batch|appender|gathering|binary-array|event|expectations)\.ts$/,
  'append-model': /(append-batch|appender|gathering)\.ts$/,
  'event-log': /(event-log|upcasting)\.ts$/,
  follower: /follower\.ts$/,
  formats: /proof\/(note|tiles)\.ts$/,
  keeping: /proof\/checkpoint-keeper\.ts$/,
  leaves: /proof\/(entry|frontier|leaves-projection)\.ts$/,
  modules: /\.module\.ts$/,
  outage: /(outage|appender)\.ts$/,
  'projection-builds': /ledger\/projection-builds\.ts$/,
  'projection-runner': /ledger\/(projection|projection-course|projection-runner|pace)\.ts$/,
  projector: /ledger\/(projector|projection[-\w]*)\.ts$/,
  'projector-steps': /ledger\/projector\.ts$/,
  'projection-readers': /ledger\/(projector|projection[-\w]*|pace)\.ts$/,
  'proof-module': /proof\/proof\.module\.ts$/,
  proofs: /proof\/(frontier|hashing|prover)\.ts$/,
  'proven-root': /proof\/proven-root\.ts$/,
  redactions: /ledger\/(redactions|event-log)\.ts$/,
  rebuild: /ledger\/(projector|projection[-\w]*)\.ts$/,
  rotations: /proof\/rotation\.ts$/,
  signer: /proof\/signer\.ts$/,
  signing: /proof\/(exclusive-file|keys|leaves-projection|proven-root|rotation|signed-heads|signer)\.ts$/,
  stored: /proof\/(checkpoints|logged-entries|recomputed|stored-tree)\.ts$/,
  sweeping: /proof\/checkpoint-keeper\.ts$/,
  witnesses: /proof\/witnesses\.ts$/,
};

/** The names of the tests of each file that has been run in this process: they do not depend on the mutant. */
const namesOf = new Map();

/** The mutant whose tests are running, and whether one of them has failed. */
let current = { mutant: undefined, failed: false };

/**
 * What Stryker asks of a test runner and Jest cannot do by itself (https://github.com/jestjs/jest/issues/11766): once a test has failed the
 * mutant is killed, and the others are not run. Nor is a file loaded that is not about what is mutated, or none of whose tests reaches it.
 */
export default async function runUntilFailure(globalConfig, config, environment, runtime, testPath, tell) {
  const mutant = process.env['__STRYKER_ACTIVE_MUTANT__'];
  if (mutant !== current.mutant) current = { mutant, failed: false };
  const run = current;
  const asked = new RegExp(globalConfig.testNamePattern ?? '', 'i');
  // Stryker asks for the tests that are related to these files: the mutant's, or before there is one all that are to be mutated.
  const files = globalConfig.nonFlagArgs;
  const about = ABOUT[basename(testPath, '.spec.ts')];
  if (about !== undefined && !files.some((file) => about.test(file))) return nothingRun(testPath);
  if (mutant !== undefined && (run.failed || namesOf.get(testPath)?.every((name) => !asked.test(name))))
    return nothingRun(testPath);

  const names = [];
  const inner = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    await inner?.(event, state);
    if (event.name === 'test_start') names.push(nameOf(event.test));
    if (mutant === undefined) return;
    if (event.name === 'test_done' && event.test.errors.length > 0) run.failed = true;
    if (event.name === 'test_start' && run.failed) event.test.mode = 'skip';
  };
  const result = await runFile(globalConfig, config, environment, runtime, testPath, tell);
  namesOf.set(testPath, names);
  return result;
}

function nameOf(test) {
  const names = [];
  for (let block = test; block.parent !== undefined; block = block.parent) names.unshift(block.name);
  return names.join(' ');
}

/** The result of a file in Jest's form, in which a file has at least one test. */
function nothingRun(testFilePath) {
  const test = { title: '', fullName: '', ancestorTitles: [], status: 'pending', failureMessages: [] };
  return {
    ...{ testFilePath, skipped: true, leaks: false, openHandles: [] },
    ...{ testResults: [test], numFailingTests: 0, numPassingTests: 0, numPendingTests: 1, numTodoTests: 0 },
    perfStats: { start: 0, end: 0, runtime: 0, slow: false },
    snapshot: {
      added: 0,
      matched: 0,
      unmatched: 0,
      updated: 0,
      unchecked: 0,
      uncheckedKeys: [],
      fileDeleted: false,
    },
  };
}
