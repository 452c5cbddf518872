import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readContactListSearch } from '../contacts/contact-list-search.ts';
import { readDraftSearch } from '../invoices/invoice-addresses.ts';
import { readInvoiceSearch } from '../invoices/invoice-search.ts';
import { readOutboxSearch } from '../messages/outbox-search.ts';
import { readTransactionSearch } from '../payments/transaction-search.ts';
import { readAuditSearch } from '../workspace/audit-words.ts';
import { ApiProblem } from './api-problem.ts';
import { ErrorPage, NotFoundAlone, NotFoundPage } from './error-pages.tsx';
import { queryClient } from './query-client.ts';
import { firstWorkspace, rememberWorkspace, sessionQuery } from './session.ts';

/*
 * Every address of the program, in one place. A page is a named export of a file in its room's folder, fetched when
 * it is first opened (hovering a link fetches it ahead). Pages read their parameters with
 * `getRouteApi('/w/$workspaceId/…')`, so that no page imports this file.
 */

const rootRoute = createRootRoute({ notFoundComponent: NotFoundAlone });

/** Session of the person, or a trip to the sign-in page that returns to `href`. */
async function requireSession(href: string) {
  try {
    return await queryClient.ensureQueryData(sessionQuery);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) {
      throw redirect({ to: '/sign-in', search: href === '/' ? {} : { return: href } });
    }
    throw error;
  }
}

const startRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ location }) => {
    const workspace = firstWorkspace(await requireSession(location.href));
    if (workspace) throw redirect({ to: '/w/$workspaceId', params: { workspaceId: workspace.id }, replace: true });
  },
  component: lazyRouteComponent(() => import('../workspace/no-workspace-page.tsx'), 'NoWorkspacePage'),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { return?: string } =>
    // Only addresses of this program: a link must not be able to send people elsewhere after signing in.
    typeof search.return === 'string' && /^\/w\/[^/\\]/.test(search.return) ? { return: search.return } : {},
  component: lazyRouteComponent(() => import('../workspace/sign-in-page.tsx'), 'SignInPage'),
});

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome/$token',
  component: lazyRouteComponent(() => import('../workspace/welcome-page.tsx'), 'WelcomePage'),
});

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('../workspace/join-page.tsx'), 'JoinPage'),
});

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/w/$workspaceId',
  beforeLoad: async ({ location, params }) => {
    const session = await requireSession(location.href);
    const workspace = session.workspaces.find((one) => one.id === params.workspaceId);
    if (workspace) rememberWorkspace(workspace.id);
    return { user: session.user, workspaces: session.workspaces, workspace };
  },
  component: lazyRouteComponent(() => import('./shell/shell.tsx'), 'Shell'),
  notFoundComponent: NotFoundPage,
});

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

const paymentsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: 'payments',
  staticData: { crumb: 'Payments' },
});

const paymentsStartRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/w/$workspaceId/payments/transactions', params, replace: true });
  },
});

const transactionsRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'transactions',
  staticData: { crumb: 'Transactions' },
});

const transactionListRoute = createRoute({
  getParentRoute: () => transactionsRoute,
  path: '/',
  validateSearch: readTransactionSearch,
  component: lazyRouteComponent(() => import('../payments/transaction-list-page.tsx'), 'TransactionListPage'),
});

const transactionRoute = createRoute({
  getParentRoute: () => transactionsRoute,
  path: '$paymentId',
  component: lazyRouteComponent(() => import('../payments/transaction-page.tsx'), 'TransactionPage'),
});

const invoicesRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'invoices',
  staticData: { crumb: 'Invoices' },
});

const invoiceListRoute = createRoute({
  getParentRoute: () => invoicesRoute,
  path: '/',
  validateSearch: readInvoiceSearch,
  component: lazyRouteComponent(() => import('../invoices/invoice-list-page.tsx'), 'InvoiceListPage'),
});

const draftRoute = createRoute({
  getParentRoute: () => invoicesRoute,
  path: 'draft',
  validateSearch: readDraftSearch,
  component: lazyRouteComponent(() => import('../invoices/draft-page.tsx'), 'DraftPage'),
});

const invoiceRoute = createRoute({
  getParentRoute: () => invoicesRoute,
  path: '$invoiceId',
  component: lazyRouteComponent(() => import('../invoices/invoice-page.tsx'), 'InvoicePage'),
});

const toInvoiceRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'to-invoice',
  staticData: { crumb: 'To invoice' },
  component: lazyRouteComponent(() => import('../invoices/to-invoice-page.tsx'), 'ToInvoicePage'),
});

const expiringCardsRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'expiring-cards',
  staticData: { crumb: 'Expiring cards' },
  component: lazyRouteComponent(() => import('../cards/expiring-cards-page.tsx'), 'ExpiringCardsPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: 'settings',
  staticData: { crumb: 'Settings' },
  component: lazyRouteComponent(() => import('../workspace/settings-layout.tsx'), 'SettingsLayout'),
});

const settingsStartRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../workspace/settings-page.tsx'), 'SettingsPage'),
});

const settingsPaymentsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'payments',
  staticData: { crumb: 'Payments' },
  component: lazyRouteComponent(() => import('../workspace/settings-payments-page.tsx'), 'SettingsPaymentsPage'),
});

const settingsInvoicesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'invoices',
  staticData: { crumb: 'Invoices' },
  component: lazyRouteComponent(() => import('../invoices/settings-invoices-page.tsx'), 'SettingsInvoicesPage'),
});

const settingsLabsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'labs',
  staticData: { crumb: 'Labs' },
  component: lazyRouteComponent(() => import('../workspace/settings-labs-page.tsx'), 'SettingsLabsPage'),
});

const settingsMembersRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'members',
  staticData: { crumb: 'Members' },
  component: lazyRouteComponent(() => import('../workspace/settings-members-page.tsx'), 'SettingsMembersPage'),
});

const settingsApiKeysRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'api-keys',
  staticData: { crumb: 'API keys' },
  component: lazyRouteComponent(() => import('../workspace/settings-api-keys-page.tsx'), 'SettingsApiKeysPage'),
});

const settingsAuditLogRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'audit-log',
  staticData: { crumb: 'Audit log' },
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../workspace/settings-audit-log-page.tsx'), 'SettingsAuditLogPage'),
});

const settingsOutboxRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'outbox',
  staticData: { crumb: 'Outbox' },
  validateSearch: readOutboxSearch,
  component: lazyRouteComponent(() => import('../messages/outbox-page.tsx'), 'OutboxPage'),
});

const settingsSandboxRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'sandbox',
  staticData: { crumb: 'Sandbox' },
  component: lazyRouteComponent(() => import('../workspace/settings-sandbox-page.tsx'), 'SettingsSandboxPage'),
});

const settingsAccountRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'account',
  staticData: { crumb: 'Your account' },
  component: lazyRouteComponent(() => import('../workspace/settings-account-page.tsx'), 'SettingsAccountPage'),
});

const settingsNewWorkspaceRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'new-workspace',
  staticData: { crumb: 'New workspace' },
  component: lazyRouteComponent(
    () => import('../workspace/settings-new-workspace-page.tsx'),
    'SettingsNewWorkspacePage',
  ),
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
        contactCardsRoute,
        contactDetailsRoute,
      ]),
    ]),
    paymentsRoute.addChildren([
      paymentsStartRoute,
      expiringCardsRoute,
      transactionsRoute.addChildren([transactionListRoute, transactionRoute]),
      invoicesRoute.addChildren([invoiceListRoute, draftRoute, invoiceRoute]),
      toInvoiceRoute,
    ]),
    settingsRoute.addChildren([
      settingsStartRoute,
      settingsPaymentsRoute,
      settingsInvoicesRoute,
      settingsLabsRoute,
      settingsMembersRoute,
      settingsApiKeysRoute,
      settingsAuditLogRoute,
      settingsOutboxRoute,
      settingsSandboxRoute,
      settingsAccountRoute,
      settingsNewWorkspaceRoute,
    ]),
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
