import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, linkOptions, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Contact, contact as contactSchema } from '../../../src/contacts/api.ts';
import type { ContactOverview } from '../../../src/insights/api.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { NotFoundPage } from '../app/error-pages.tsx';
import { useWorkspace } from '../app/workspace-context.ts';
import type { CardAsked } from '../charge/ask-for-card.tsx';
import type { ChargePrefill } from '../charge/charge-now.tsx';
import { readKeptCharge } from '../charge/kept-charge.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { AddressTabs } from '../ui/address-tabs.tsx';
import { useCommands } from '../ui/command-registry.ts';
import { Page } from '../ui/page-header.tsx';
import { ErrorState, Notice } from '../ui/states.tsx';
import { toastFailed, toastUndo } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { CardPanel } from './card-panel.tsx';
import { ContactActionsContext } from './contact-actions.ts';
import { ContactHeader } from './contact-header.tsx';
import classes from './contact-page.module.css';
import { editOverview, useContactOverview, useRefreshWorkspace } from './contact-queries.ts';
import { ContactSkeleton } from './contact-skeleton.tsx';
import { LifetimeValuePanel } from './lifetime-value-panel.tsx';
import { OwedPanel } from './owed-panel.tsx';
import { usePageKeys } from './use-page-keys.ts';
import { useCanEditContacts, useWorkspaceCurrency } from './workspace-settings.ts';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

// Charging is what people come here for: it is fetched as soon as the page stands. The other sheets are when one is opened.
const loadCharge = () => import('../charge/charge-now.tsx');
const ChargeNow = lazy(async () => ({ default: (await loadCharge()).ChargeNow }));
const AddCardSheet = lazy(async () => ({ default: (await import('../cards/add-card-sheet.tsx')).AddCardSheet }));
const AskForCardSheet = lazy(async () => ({
  default: (await import('../charge/ask-for-card-sheet.tsx')).AskForCardSheet,
}));
const OfflinePaymentSheet = lazy(async () => ({
  default: (await import('../charge/offline-payment-sheet.tsx')).OfflinePaymentSheet,
}));
const CustomerPageSheet = lazy(async () => ({
  default: (await import('./customer-page-sheet.tsx')).CustomerPageSheet,
}));
const StatementSheet = lazy(async () => ({ default: (await import('./statement-sheet.tsx')).StatementSheet }));
const EditContactSheet = lazy(async () => ({ default: (await import('./edit-contact-sheet.tsx')).EditContactSheet }));
const MergeSheet = lazy(async () => ({ default: (await import('./merge-sheet.tsx')).MergeSheet }));

/** A contact's page: who they are, what they are worth, what they owe, and their story below. */
export function ContactPage() {
  const { contactId } = route.useParams();
  const overview = useContactOverview(contactId);
  if (overview.data) return <Shown key={contactId} overview={overview.data} />;
  if (overview.isError) {
    if (overview.error instanceof ApiProblem && overview.error.status === 404) return <NotFoundPage />;
    return (
      <ErrorState
        title="The contact could not be loaded"
        message={describeError(overview.error)}
        onRetry={() => void overview.refetch()}
      />
    );
  }
  return <ContactSkeleton />;
}

type Sheet =
  | { name: 'charge'; prefill?: ChargePrefill }
  | { name: 'card' | 'offline' | 'edit' | 'merge' | 'page' | 'statement' }
  | { name: 'ask'; about: CardAsked };

function Shown({ overview }: { overview: ContactOverview }) {
  const { contact, money } = overview;
  const { workspace } = useWorkspace();
  const canEdit = useCanEditContacts();
  const may = useMay();
  const usualCurrency = useWorkspaceCurrency();
  const archival = useArchival(contact);
  const navigate = route.useNavigate();
  const params = route.useParams();
  const isArchived = contact.archived_at !== null;
  // A charge that was sent from this tab and not answered yet is the first thing to know on coming back.
  const [sheet, setSheet] = useState<Sheet | null>(() =>
    money && readKeptCharge(workspace.id, contact.id)?.isSent ? { name: 'charge' } : null,
  );
  const close = () => setSheet(null);
  const charge = money?.can_charge
    ? (prefill?: ChargePrefill) => open({ name: 'charge', ...(prefill && { prefill }) })
    : null;
  const addCard = money && may('payments.charge') && !isArchived ? () => open({ name: 'card' }) : null;
  const edit = canEdit && !isArchived ? () => open({ name: 'edit' }) : null;
  const currency = contact.currency ?? money?.lifetime_values[0]?.currency ?? usualCurrency;
  const recordPayment =
    money && currency && may('payments.record_offline') && !isArchived ? () => open({ name: 'offline' }) : null;
  function open(next: Sheet) {
    setSheet(next);
  }
  // The message is about the charge that failed, where one did.
  const failed = money?.failed_charges.find((one) => one.kind === 'charge' && one.status !== 'needs_customer');
  const askForCard = addCard
    ? () => open({ name: 'ask', about: failed ? { payment: failed } : { contactId: contact.id } })
    : null;

  // The command palette leads here with the charge as its purpose; the address forgets it, so that a reload does not.
  const isToCharge = useLocation().hash === 'charge';
  const canCharge = charge !== null;
  useEffect(() => {
    // Where this cannot be fetched now, opening the sheet tries again.
    if (canCharge) loadCharge().catch(() => undefined);
  }, [canCharge]);
  useEffect(() => {
    if (!isToCharge) return;
    if (canCharge) setSheet((before) => before ?? { name: 'charge' });
    void navigate({ to: '.', hash: '', replace: true });
  }, [isToCharge, canCharge, navigate]);

  usePageKeys({
    c: charge ? () => charge() : undefined,
    e: edit ?? undefined,
    n: () => {
      const composer = document.getElementById('new-note');
      if (composer) composer.focus();
      else void navigate({ to: '/w/$workspaceId/contacts/$contactId', params, hash: 'new-note' });
    },
  });
  useCommands(contact.name, [
    ...(charge ? [{ id: 'charge', label: `Charge ${contact.name}`, keys: 'c', run: () => charge() }] : []),
    ...(recordPayment
      ? [{ id: 'offline', label: 'Record a payment', words: 'cash cheque transfer', run: recordPayment }]
      : []),
    ...(addCard ? [{ id: 'card', label: 'Add new card', run: addCard }] : []),
    ...(edit ? [{ id: 'edit', label: `Edit ${contact.name}`, keys: 'e', run: edit }] : []),
  ]);

  return (
    <ContactActionsContext value={{ charge, addCard, askForCard, edit }}>
      <Page>
        <ContactHeader
          contact={contact}
          canEdit={canEdit}
          charge={charge ? () => charge() : null}
          menu={{
            edit,
            recordPayment,
            askForCard,
            customerPage: addCard ? () => open({ name: 'page' }) : null,
            statement: money && may('invoices.read') ? () => open({ name: 'statement' }) : null,
            merge: canEdit && !isArchived ? () => open({ name: 'merge' }) : null,
            archive: canEdit && !isArchived ? archival.archive : null,
            restore: canEdit && isArchived ? archival.restore : null,
          }}
        />
        {contact.merged_into && <MergedNotice keptId={contact.merged_into} />}
        {isArchived && !contact.merged_into && (
          <Notice
            tone="quiet"
            action={
              canEdit && (
                <Button size="xs" onClick={archival.restore}>
                  Restore
                </Button>
              )
            }
          >
            {contact.name} is archived: nothing can be charged, and lists leave them out. Everything is kept.
          </Notice>
        )}
        {money && (
          <div className={classes.panels}>
            <LifetimeValuePanel contactId={contact.id} values={money.lifetime_values} />
            <OwedPanel money={money} />
            <CardPanel contactId={contact.id} methods={money.payment_methods} />
          </div>
        )}
        <AddressTabs
          label="About this contact"
          tabs={tabsOf(workspace.id, contact.id, money !== null, may('invoices.read'))}
        />
        <Outlet />
      </Page>
      <Suspense>
        {sheet?.name === 'charge' && (
          <ChargeNow contactId={contact.id} onClose={close} {...(sheet.prefill && { prefill: sheet.prefill })} />
        )}
        {sheet?.name === 'card' && <AddCardSheet contactId={contact.id} contactName={contact.name} onClose={close} />}
        {sheet?.name === 'offline' && currency && (
          <OfflinePaymentSheet contact={contact} currency={currency} onClose={close} />
        )}
        {sheet?.name === 'ask' && <AskForCardSheet about={sheet.about} contactName={contact.name} onClose={close} />}
        {sheet?.name === 'page' && (
          <CustomerPageSheet contactId={contact.id} name={contact.name} email={contact.email} onClose={close} />
        )}
        {sheet?.name === 'statement' && (
          <StatementSheet contactId={contact.id} name={contact.name} email={contact.email} onClose={close} />
        )}
        {sheet?.name === 'edit' && <EditContactSheet contact={contact} isOpen onClose={close} />}
        {sheet?.name === 'merge' && <MergeSheet overview={overview} onClose={close} />}
      </Suspense>
    </ContactActionsContext>
  );
}

function tabsOf(workspaceId: string, contactId: string, hasMoney: boolean, hasWork: boolean) {
  const params = { workspaceId, contactId };
  const timeline = linkOptions({ to: '/w/$workspaceId/contacts/$contactId', params });
  return [
    { label: 'Timeline', address: timeline, isExact: true },
    ...(hasMoney
      ? [
          { label: 'Payments', address: linkOptions({ to: '/w/$workspaceId/contacts/$contactId/payments', params }) },
          { label: 'Invoices', address: linkOptions({ to: '/w/$workspaceId/contacts/$contactId/invoices', params }) },
          ...(hasWork
            ? [{ label: 'Work', address: linkOptions({ to: '/w/$workspaceId/contacts/$contactId/work', params }) }]
            : []),
          { label: 'Cards', address: linkOptions({ to: '/w/$workspaceId/contacts/$contactId/cards', params }) },
        ]
      : []),
    { label: 'Details', address: linkOptions({ to: '/w/$workspaceId/contacts/$contactId/details', params }) },
  ];
}

function MergedNotice({ keptId }: { keptId: string }) {
  const { workspace } = useWorkspace();
  return (
    <Notice
      tone="amber"
      action={
        <Button
          size="xs"
          component={AddressLink}
          address={linkOptions({
            to: '/w/$workspaceId/contacts/$contactId',
            params: { workspaceId: workspace.id, contactId: keptId },
          })}
        >
          Open the one that stayed
        </Button>
      }
    >
      This contact was merged into another one, which has its payments, cards and notes now.
    </Notice>
  );
}

/** Archiving and restoring undo each other. */
function useArchival(contact: Contact) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const refresh = useRefreshWorkspace();

  async function set(isArchived: boolean): Promise<boolean> {
    const path = `/v1/contacts/${contact.id}/archival`;
    try {
      if (isArchived) {
        const archived = await api.post(path, undefined, contactSchema);
        editOverview(queryClient, workspace.id, contact.id, (before) => ({ ...before, contact: archived }));
      } else await api.remove(path);
      await refresh();
      return true;
    } catch (error) {
      toastFailed(`${contact.name} was not ${isArchived ? 'archived' : 'restored'}. ${describeError(error)}`);
      return false;
    }
  }
  return {
    archive: () =>
      void set(true).then((isDone) => isDone && toastUndo(`${contact.name} is archived.`, () => void set(false))),
    restore: () => void set(false),
  };
}
