/**
 * Which part may import which. Whatever is not allowed here is an error: docs/architecture.md says why.
 * Each rule has a wrong fixture in test/architecture/fixtures, named after it, and must catch it.
 */
const JOBS = 'recording|positions|audit|operating';
const THE_TOP = '^src/(main|service|app\\.module|describe-service)\\.ts$';
/** What users do in the pages. */
const FEATURES = 'board|position|timeline|record|audit|lists|access';
const SPEC = '\\.spec\\.ts$';

/** A folder that knows these folders of ours and no other. */
const knowsOnly = (folder, known, comment) => ({
  name: `${folder}-knows-${known.join('-and-') || 'nothing-of-ours'}`,
  comment,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^(src|migrations)/', pathNot: `^src/(${[folder, ...known].join('|')})/` },
});

const forbidden = [
  knowsOnly(
    'domain',
    [],
    'The domain is the centre: everything may rest on it, it rests on nothing of ours.',
  ),
  {
    name: 'domain-is-plain-typescript',
    comment: 'No framework, no database, no files, no clock: libraries that compute, and nothing else.',
    severity: 'error',
    from: { path: '^src/domain/', pathNot: SPEC },
    to: {
      pathNot:
        '^(src|migrations|test)/|(^|/)node_modules/(edtf|approx-string-match|fastest-levenshtein|lru-cache)/',
    },
  },
  knowsOnly('ledger', [], 'The log keeps events of any kind: it knows nothing of statements.'),
  knowsOnly(
    'access',
    ['domain', 'ledger', 'dossiers', 'http'],
    'Who may do what: a log of its own, and the door before the jobs, which it knows nothing of.',
  ),
  knowsOnly('dossiers', ['domain', 'ledger'], 'What every job needs to know of a dossier.'),
  knowsOnly(
    'entries',
    ['domain', 'ledger', 'dossiers', 'http'],
    'What positions and revisions both follow from, which two jobs read.',
  ),
  knowsOnly('http', ['domain', 'ledger', 'dossiers'], 'How requests are read and refusals are answered.'),
  {
    name: 'http-takes-only-types-of-dossiers',
    comment: 'http shapes what the jobs ask for; it asks nothing itself.',
    severity: 'error',
    from: { path: '^src/http/' },
    to: { path: '^src/dossiers/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'database-knows-settings-and-migrations',
    comment: 'The database is opened before there is a service.',
    severity: 'error',
    from: { path: '^src/database/' },
    to: { path: '^src/', pathNot: '^src/(database/|settings\\.ts$)' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A merged migration is never edited, so it cannot lean on code that changes.',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { path: '^(src|migrations)/' },
  },
  {
    name: 'jobs-stand-apart',
    comment:
      'Recording, viewing and auditing positions, and operating: each can be read, changed and removed alone.',
    severity: 'error',
    from: { path: `^src/(${JOBS})/` },
    to: { path: `^src/(${JOBS})/`, pathNot: '^src/$1/' },
  },
  {
    name: 'jobs-do-not-reach-the-database-folder',
    comment: 'Jobs are handed an open database; they do not open one.',
    severity: 'error',
    from: { path: `^src/(${JOBS})/` },
    to: { path: '^src/(database/|[^/]+\\.ts$)|^migrations/' },
  },
  {
    name: 'only-the-top-sees-the-jobs',
    comment: 'Only service.ts and app.module.ts know every part.',
    severity: 'error',
    from: { path: '^src/', pathNot: `${THE_TOP}|^src/(${JOBS})/` },
    to: { path: `^src/(${JOBS})/` },
  },
  {
    name: 'nobody-imports-the-top',
    comment: 'What knows every part is known by none.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: '^src/(main|service)\\.ts$' },
    to: { path: THE_TOP },
  },
  {
    name: 'nobody-imports-the-command-line',
    comment: 'It is an end, as main.ts is: it calls, and is not called.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: '^src/cli/' },
    to: { path: '^src/cli/' },
  },
  {
    name: 'verify-stands-alone',
    comment: 'Who checks the service trusts none of its code.',
    severity: 'error',
    from: { path: '^verify/' },
    to: { path: '^(src|migrations|web|test)/' },
  },
  {
    name: 'only-the-command-line-verifies',
    comment: 'The service shares nothing with what checks it.',
    severity: 'error',
    from: { path: '^(src|migrations|web)/', pathNot: '^src/cli/' },
    to: { path: '^verify/' },
  },
  {
    name: 'features-stand-apart',
    comment: 'A page and all that only it needs: it can be read, changed and removed alone.',
    severity: 'error',
    from: { path: `^web/src/(${FEATURES})/` },
    to: { path: `^web/src/(${FEATURES})/`, pathNot: '^web/src/$1/' },
  },
  {
    name: 'pieces-know-no-feature',
    comment:
      'What features are made with rests on none of them; the addresses alone (router.tsx) name them all.',
    severity: 'error',
    from: { path: '^web/src/(api|design|session|shell|texts)/' },
    to: { path: `^web/src/(${FEATURES})/|^web/src/[^/]+$` },
  },
  {
    name: 'design-shows-what-it-is-given',
    comment: 'The visual language asks the service nothing.',
    severity: 'error',
    from: { path: '^web/src/(design|texts)/' },
    to: { path: '^web/src/(api|session|shell)/' },
  },
  {
    name: 'pages-know-of-the-service-only-the-domain',
    comment: 'The domain computes, in a browser as well. All else is asked for through the API.',
    severity: 'error',
    from: { path: '^web/src/' },
    to: { path: '^(src|migrations)/', pathNot: '^src/domain/' },
  },
  {
    name: 'the-service-knows-no-pages',
    comment: 'It serves them as files.',
    severity: 'error',
    from: { path: '^(src|migrations)/' },
    to: { path: '^web/' },
  },
  {
    name: 'no-cycles',
    comment: 'What imports itself, however far round, cannot be read from any end.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-barrels',
    comment: 'Import from where a thing is defined: re-exporting files are where cycles come from.',
    severity: 'error',
    from: {},
    to: { path: '(^|/)index\\.[cm]?[jt]s$', pathNot: 'node_modules/' },
  },
  {
    name: 'no-development-dependencies',
    comment: 'The service runs without them.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/@types/' },
  },
  {
    name: 'only-declared-packages',
    comment: 'A package that package.json does not name may be gone tomorrow.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-specs-in-the-service',
    comment: 'Tests know the service, never the other way round.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: SPEC },
    to: { path: `^(test|bench)/|${SPEC}` },
  },
  {
    name: 'nothing-unresolvable',
    comment: 'An import that leads nowhere.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    builtInModules: { add: ['node:test'] },
  },
};
