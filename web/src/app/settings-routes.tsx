import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { readOutboxSearch, readTemplateSearch } from '../messages/outbox-search.ts';
import { readAuditSearch } from '../workspace/audit-words.ts';
import { workspaceRoute } from './base-routes.tsx';

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

const settingsMailRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'mail',
  staticData: { crumb: 'Mail' },
});

const settingsMailStartRoute = createRoute({
  getParentRoute: () => settingsMailRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../messages/mail-page.tsx'), 'MailPage'),
});

const settingsTemplatesRoute = createRoute({
  getParentRoute: () => settingsMailRoute,
  path: 'templates',
  staticData: { crumb: 'Words' },
  validateSearch: readTemplateSearch,
  component: lazyRouteComponent(() => import('../messages/templates-page.tsx'), 'TemplatesPage'),
});

// Where the outbox was before it stood beside the rest of mail.
const settingsOldOutboxRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'outbox',
  validateSearch: readOutboxSearch,
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/w/$workspaceId/settings/mail/outbox', params, search, replace: true });
  },
});

const settingsOutboxRoute = createRoute({
  getParentRoute: () => settingsMailRoute,
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

export const settingsRoutes = settingsRoute.addChildren([
  settingsStartRoute,
  settingsPaymentsRoute,
  settingsInvoicesRoute,
  settingsLabsRoute,
  settingsMembersRoute,
  settingsApiKeysRoute,
  settingsAuditLogRoute,
  settingsMailRoute.addChildren([settingsMailStartRoute, settingsTemplatesRoute, settingsOutboxRoute]),
  settingsOldOutboxRoute,
  settingsSandboxRoute,
  settingsAccountRoute,
  settingsNewWorkspaceRoute,
]);
