import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router';
import { linkFailedSearch } from './access/search.js';
import { auditSearch, revisionsSearch, weakSearch } from './audit/search.js';
import { boardSearch } from './board/search.js';
import { readMoments } from './design/address.js';
import { listSearch } from './lists/search.js';
import { ProblemNote, Loading } from './design/page.js';
import { recordSearch } from './record/search.js';
import { DossierShell } from './shell/dossier-shell.js';
import { NotFound } from './shell/not-found.js';
import { Shell } from './shell/shell.js';
import { timelineSearch } from './timeline/search.js';

/**
 * Every address of the desk and the page that it leads to, which is loaded when somebody goes there. What stands after the `?` is checked by the
 * page itself, with `validateSearch` beside it. A new page: its folder, and a line here.
 */
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const dossier = createRoute({ getParentRoute: () => root, path: '/d/$dossier', component: DossierShell });

const page = <const P extends string>(path: P, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => dossier, path, component });

const routes = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./lists/dossiers-page.js'), 'DossiersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/users',
    component: lazyRouteComponent(() => import('./access/users-page.js'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/not-logged-in',
    validateSearch: linkFailedSearch,
    component: lazyRouteComponent(() => import('./access/link-failed-page.js'), 'LinkFailedPage'),
  }),
  dossier.addChildren([
    createRoute({
      getParentRoute: () => dossier,
      path: '/',
      validateSearch: boardSearch,
      component: lazyRouteComponent(() => import('./board/board-page.js'), 'BoardPage'),
    }),
    createRoute({
      getParentRoute: () => dossier,
      path: '/timeline',
      validateSearch: timelineSearch,
      component: lazyRouteComponent(() => import('./timeline/timeline-page.js'), 'TimelinePage'),
    }),
    createRoute({
      getParentRoute: () => dossier,
      path: '/record',
      validateSearch: recordSearch,
      component: lazyRouteComponent(() => import('./record/record-page.js'), 'RecordPage'),
    }),
    page(
      '/statements/$statement',
      lazyRouteComponent(() => import('./record/statement-page.js'), 'StatementPage'),
    ),
    page(
      '/sources/$source',
      lazyRouteComponent(() => import('./record/source-page.js'), 'SourcePage'),
    ),
    createRoute({
      getParentRoute: () => dossier,
      path: '/positions/$party/$topic',
      validateSearch: readMoments,
      component: lazyRouteComponent(() => import('./position/position-page.js'), 'PositionPage'),
    }),
    createRoute({
      getParentRoute: () => dossier,
      path: '/audit',
      validateSearch: auditSearch,
      component: lazyRouteComponent(() => import('./audit/audit-page.js'), 'AuditPage'),
    }),
    page(
      '/audit/recorders',
      lazyRouteComponent(() => import('./audit/recorders-page.js'), 'RecordersPage'),
    ),
    createRoute({
      getParentRoute: () => dossier,
      path: '/audit/weak-positions',
      validateSearch: weakSearch,
      component: lazyRouteComponent(() => import('./audit/weak-positions-page.js'), 'WeakPositionsPage'),
    }),
    page(
      '/audit/verify',
      lazyRouteComponent(() => import('./audit/verify-page.js'), 'VerifyLogPage'),
    ),
    page(
      '/audit/verify/$sequence',
      lazyRouteComponent(() => import('./audit/verify-page.js'), 'VerifyEventPage'),
    ),
    createRoute({
      getParentRoute: () => dossier,
      path: '/positions/$party/$topic/audit',
      validateSearch: revisionsSearch,
      component: lazyRouteComponent(() => import('./audit/revisions-page.js'), 'RevisionsPage'),
    }),
    createRoute({
      getParentRoute: () => dossier,
      path: '/lists/$kind',
      validateSearch: listSearch,
      component: lazyRouteComponent(() => import('./lists/list-page.js'), 'ListPage'),
    }),
  ]),
]);

export const router = createRouter({
  routeTree: routes,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error }) => (
    <ProblemNote error={error instanceof Error ? error : new Error(String(error))} />
  ),
  parseSearch: parseSearchWith((text) => text),
  stringifySearch: stringifySearchWith(String), // plain text, as people write it: ?known=12, not ?known=%2212%22
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
