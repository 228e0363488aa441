import jest from '../../jest.config.js';

/** The specs that load the domain and the ledger from their sources and are quick: they decide over the mutants. */
export default {
  ...jest,
  rootDir: '../..',
  testMatch: [
    '<rootDir>/src/{domain,ledger}/**/*.spec.ts',
    '<rootDir>/test/ledger/**/!(append-only).spec.ts', // that one is about the schema
    '<rootDir>/test/proof/!(killed-signers|ledger-routes|restored-ledger).spec.ts', // those run the built service
    '<rootDir>/test/docs/acts-table.spec.ts',
  ],
  testRunner: '<rootDir>/test/mutation/jest-circus-until-failure.js',
  testSequencer: '<rootDir>/test/mutation/quickest-first.js',
};
