import { readFileSync } from 'node:fs';

/** The build's own settings, but for the specs, which the build leaves out. */
const {
  exclude: _specs,
  $schema: _schema,
  ...build
} = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Every spec runs as ESM. Specs stand beside the code; those that need a database or a service in test/. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...build, swcrc: false }] },
  globalSetup: '<rootDir>/test/support/start-postgres.js',
  globalTeardown: '<rootDir>/test/support/stop-postgres.js',
  testTimeout: 60_000,
  maxWorkers: 2,
};
