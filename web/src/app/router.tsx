import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readContactListSearch } from '../contacts/contact-list-search.ts';
import { joinRoute, rootRoute, signInRoute, startRoute, welcomeRoute, workspaceRoute } from './base-routes.tsx';
import { ErrorPage } from './error-pages.tsx';
import { paymentsRoutes } from './payments-routes.tsx';
import { settingsRoutes } from './settings-routes.tsx';

/*
 * Every address of the program, in one place (with those that begin in base-routes, payments-routes and settings-routes). A page is a named export of a file in its room's folder, fetched when
 * it is first opened (hovering a link fetches it ahead). Pages read their parameters with
 * `getRouteApi('/w/$workspaceId/…')`, so that no page imports this file.
 */

const homeRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../home/home-page.tsx'), 'HomePage'),
});

const contactsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: 'contacts',
  staticData: { crumb: 'Contacts' },
});

const contactListRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: '/',
  validateSearch: readContactListSearch,
  component: lazyRouteComponent(() => import('../contacts/contact-list-page.tsx'), 'ContactListPage'),
});

const contactRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: '$contactId',
  component: lazyRouteComponent(() => import('../contacts/contact-page.tsx'), 'ContactPage'),
});

// The tabs of a contact's page.
const contactTimelineRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../contacts/timeline-tab.tsx'), 'TimelineTab'),
});

const contactPaymentsRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: 'payments',
  component: lazyRouteComponent(() => import('../contacts/payments-tab.tsx'), 'PaymentsTab'),
});

const contactInvoicesRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: 'invoices',
  component: lazyRouteComponent(() => import('../contacts/invoices-tab.tsx'), 'InvoicesTab'),
});

const contactWorkRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: 'work',
  component: lazyRouteComponent(() => import('../contacts/work-tab.tsx'), 'WorkTab'),
});

const contactCardsRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: 'cards',
  component: lazyRouteComponent(() => import('../cards/cards-tab.tsx'), 'CardsTab'),
});

const contactDetailsRoute = createRoute({
  getParentRoute: () => contactRoute,
  path: 'details',
  component: lazyRouteComponent(() => import('../contacts/details-tab.tsx'), 'DetailsTab'),
});

const smartListRoute = createRoute({
  getParentRoute: () => contactsRoute,
  path: 'lists/$listId',
  component: lazyRouteComponent(() => import('../insights/smart-list-page.tsx'), 'SmartListPage'),
});

const importsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: 'imports',
  staticData: { crumb: 'Imports' },
});

const importListRoute = createRoute({
  getParentRoute: () => importsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../imports/import-list-page.tsx'), 'ImportListPage'),
});

const newImportRoute = createRoute({
  getParentRoute: () => importsRoute,
  path: 'new',
  component: lazyRouteComponent(() => import('../imports/new-import-page.tsx'), 'NewImportPage'),
});

const importRoute = createRoute({
  getParentRoute: () => importsRoute,
  path: '$importId',
  component: lazyRouteComponent(() => import('../imports/import-page.tsx'), 'ImportPage'),
});

const helpRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: 'help',
  staticData: { crumb: 'Help' },
});

const helpStartRoute = createRoute({
  getParentRoute: () => helpRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../help/help-page.tsx'), 'HelpPage'),
});

const helpTopicRoute = createRoute({
  getParentRoute: () => helpRoute,
  path: '$page',
  component: lazyRouteComponent(() => import('../help/help-page.tsx'), 'HelpPage'),
});

/** For looking at the components while working on them; the branch is cut out of the production build. */
const galleryRoutes = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => rootRoute,
        path: '/gallery',
        component: lazyRouteComponent(() => import('./gallery-page.tsx'), 'GalleryPage'),
      }),
    ]
  : [];

const routeTree = rootRoute.addChildren([
  startRoute,
  signInRoute,
  welcomeRoute,
  joinRoute,
  workspaceRoute.addChildren([
    homeRoute,
    contactsRoute.addChildren([
      smartListRoute,
      contactListRoute,
      contactRoute.addChildren([
        contactTimelineRoute,
        contactPaymentsRoute,
        contactInvoicesRoute,
        contactWorkRoute,
        contactCardsRoute,
        contactDetailsRoute,
      ]),
    ]),
    paymentsRoutes,
    settingsRoutes,
    helpRoute.addChildren([helpStartRoute, helpTopicRoute]),
    importsRoute.addChildren([importListRoute, newImportRoute, importRoute]),
  ]),
  ...galleryRoutes,
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorPage,
  // Shown only when a page takes longer than a moment, so that fast pages do not flicker.
  defaultPendingMs: 300,
  scrollRestoration: true,
  scrollToTopSelectors: ['#page'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** How the breadcrumbs name this part of the address. */
    crumb?: string;
  }
}
