/**
 * Mutation testing (docs/mutation-testing.md): `npm run test:mutation`, which starts the cluster that the tests of every mutant share.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['src/domain/**/*.ts', 'src/ledger/**/*.ts', '!**/*.spec.ts', '!**/*.d.ts'],
  testRunner: 'jest',
  // Only jest-environment-node's own modules see the mutants: what runs the built service would not.
  jest: { configFile: 'test/mutation/jest.config.js' },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  ignorePatterns: ['/dist', '/bench', '/.standpoint', '/coverage', '/reports'],
  concurrency: 2,
  // V8 keeps what the modules of one run held: https://github.com/jestjs/jest/issues/11956
  maxTestRunnerReuse: 100,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  incremental: false,
  incrementalFile: 'reports/mutation/incremental.json',
  tempDirName: '.stryker-tmp',
  thresholds: { high: 90, low: 85, break: 85 },
  disableTypeChecks: false,
  allowEmpty: false,
};
