/** What a route may need, as this table's author reads api.md. */
export type Need = 'nothing' | 'enter' | 'open' | 'administer' | 'read' | 'audit' | 'oversee' | 'record';

const CAST = ['parties', 'speakers', 'topics', 'sources'];

/** Every route and what it needs. Written by hand, so that nothing can be opened by a slip in the code alone. A new route is added here. */
export const NEEDS: Readonly<Record<string, Need>> = {
  'GET /health/live': 'nothing',
  'GET /health/ready': 'nothing',
  'GET /metrics': 'nothing',
  'POST /api/v1/session': 'nothing',
  'DELETE /api/v1/session': 'nothing',

  'GET /api/v1/me': 'enter',
  'POST /api/v1/session/links': 'enter',
  'GET /api/v1/acts': 'enter',
  'GET /api/v1/dossiers': 'enter',

  'POST /api/v1/dossiers': 'open',

  ...each('administer', [
    'POST /api/v1/users',
    'GET /api/v1/users',
    'GET /api/v1/users/{user}',
    'PUT /api/v1/users/{user}/role',
    'POST /api/v1/users/{user}/disable',
    'POST /api/v1/users/{user}/enable',
    'POST /api/v1/users/{user}/tokens',
    'GET /api/v1/users/{user}/tokens',
    'DELETE /api/v1/users/{user}/tokens/{token}',
    'GET /api/v1/admin/access/events',
    'GET /api/v1/admin/projections',
    'POST /api/v1/admin/projections/{name}/rebuild',
    'DELETE /api/v1/admin/projections/{name}/rebuild',
    'POST /api/v1/admin/ledger/keys',
    'POST /api/v1/dossiers/{dossier}/ledger/continuations',
    'PUT /api/v1/dossiers/{dossier}/members/{user}',
    'DELETE /api/v1/dossiers/{dossier}/members/{user}',
    'PUT /api/v1/dossiers/{dossier}/visibility',
    ...[...CAST, 'statements', 'assessments'].map(
      (kind) => `POST /api/v1/dossiers/{dossier}/${kind}/{id}/redact`,
    ),
  ]),

  ...each('oversee', [
    'GET /api/v1/dossiers/{dossier}/members',
    'GET /api/v1/dossiers/{dossier}/visibility',
    'GET /api/v1/dossiers/{dossier}/access/events',
  ]),

  ...each('audit', [
    'GET /api/v1/dossiers/{dossier}/events',
    'GET /api/v1/dossiers/{dossier}/export',
    'GET /api/v1/dossiers/{dossier}/events/stream',
    'GET /api/v1/dossiers/{dossier}/statements/{id}/history',
    'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}/audit',
    'GET /api/v1/dossiers/{dossier}/ledger/checkpoint',
    'GET /api/v1/dossiers/{dossier}/ledger/key',
    'GET /api/v1/dossiers/{dossier}/ledger/keys',
    'GET /api/v1/dossiers/{dossier}/ledger/proofs/{sequence}',
    'GET /api/v1/dossiers/{dossier}/ledger/receipts/{sequence}',
    'GET /api/v1/dossiers/{dossier}/ledger/consistency',
    'GET /api/v1/dossiers/{dossier}/ledger/tile/{path}',
    'POST /api/v1/dossiers/{dossier}/ledger/cosignatures',
    'GET /api/v1/dossiers/{dossier}/revisions',
    'GET /api/v1/dossiers/{dossier}/audit/recorders',
    'GET /api/v1/dossiers/{dossier}/audit/weak-positions',
  ]),

  ...each('read', [
    'GET /api/v1/dossiers/{dossier}',
    'GET /api/v1/dossiers/{dossier}/me',
    ...CAST.flatMap((kind) => [
      `GET /api/v1/dossiers/{dossier}/${kind}`,
      `GET /api/v1/dossiers/{dossier}/${kind}/{id}`,
    ]),
    'GET /api/v1/dossiers/{dossier}/statements',
    'GET /api/v1/dossiers/{dossier}/timeline',
    'GET /api/v1/dossiers/{dossier}/statements/{id}',
    'GET /api/v1/dossiers/{dossier}/statements/{id}/replies',
    'GET /api/v1/dossiers/{dossier}/assessments',
    'GET /api/v1/dossiers/{dossier}/assessments/{id}',
    'GET /api/v1/dossiers/{dossier}/positions',
    'GET /api/v1/dossiers/{dossier}/overview',
    'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}',
    'GET /api/v1/dossiers/{dossier}/positions/{party}/{topic}/history',
    'GET /api/v1/dossiers/{dossier}/shifts',
    'GET /api/v1/dossiers/{dossier}/compare',
  ]),

  ...each('record', [
    ...CAST.flatMap((kind) => [
      `POST /api/v1/dossiers/{dossier}/${kind}`,
      `PATCH /api/v1/dossiers/{dossier}/${kind}/{id}`,
    ]),
    'POST /api/v1/dossiers/{dossier}/statements',
    'POST /api/v1/dossiers/{dossier}/statements/batch',
    'POST /api/v1/dossiers/{dossier}/import',
    'POST /api/v1/dossiers/{dossier}/assessments',
    ...['statements', 'assessments'].flatMap((kind) =>
      ['correct', 'void', 'restore'].map((what) => `POST /api/v1/dossiers/{dossier}/${kind}/{id}/${what}`),
    ),
  ]),
};

function each(need: Need, routes: readonly string[]): Record<string, Need> {
  return Object.fromEntries(routes.map((route) => [route, need]));
}
