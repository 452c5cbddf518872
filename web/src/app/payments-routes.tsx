import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readAgeingSearch } from '../invoices/ageing-search.ts';
import { readDraftSearch } from '../invoices/invoice-addresses.ts';
import { readInvoiceSearch } from '../invoices/invoice-search.ts';
import { readTransactionSearch } from '../payments/transaction-search.ts';
import { workspaceRoute } from './base-routes.tsx';

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

const ageingRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'ageing',
  staticData: { crumb: 'Ageing' },
  validateSearch: readAgeingSearch,
  component: lazyRouteComponent(() => import('../invoices/ageing-page.tsx'), 'AgeingPage'),
});

const recurringRoute = createRoute({
  getParentRoute: () => paymentsRoute,
  path: 'recurring',
  staticData: { crumb: 'Recurring' },
});

const recurringListRoute = createRoute({
  getParentRoute: () => recurringRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../invoices/recurring-list-page.tsx'), 'RecurringListPage'),
});

const recurringInvoiceRoute = createRoute({
  getParentRoute: () => recurringRoute,
  path: '$recurringId',
  component: lazyRouteComponent(() => import('../invoices/recurring-page.tsx'), 'RecurringPage'),
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

export const paymentsRoutes = paymentsRoute.addChildren([
  paymentsStartRoute,
  expiringCardsRoute,
  toInvoiceRoute,
  ageingRoute,
  transactionsRoute.addChildren([transactionListRoute, transactionRoute]),
  recurringRoute.addChildren([recurringListRoute, recurringInvoiceRoute]),
  invoicesRoute.addChildren([invoiceListRoute, draftRoute, invoiceRoute]),
]);
