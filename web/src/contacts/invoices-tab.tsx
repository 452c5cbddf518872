import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type InvoiceRowAnswer, invoiceList } from '../../../src/invoices/api.ts';
import type { ContactAccount } from '../../../src/payments/api-account.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { draftAddress, invoiceAddress } from '../invoices/invoice-addresses.ts';
import { invoiceColumns, invoicePhoneRow } from '../invoices/invoice-columns.tsx';
import { useToday } from '../invoices/invoice-filters.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { EmptyState } from '../ui/states.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { BillingPanel } from './billing-panel.tsx';
import { useContactOverview } from './contact-queries.ts';
import classes from './invoices-tab.module.css';
import { MoneyOnly } from './money-only.tsx';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** What this contact was billed, what of it is open or late, and how they pay. */
export function InvoicesTab() {
  return (
    <MoneyOnly>
      <Shown />
    </MoneyOnly>
  );
}

function Shown() {
  const { contactId } = route.useParams();
  const { workspace } = useWorkspace();
  const mayWrite = useMay()('invoices.write');
  const today = useToday();
  const account = useContactOverview(contactId).data?.money?.account ?? [];
  const source = useCursorPages<InvoiceRowAnswer>({
    key: 'invoices',
    path: '/v1/invoices',
    page: invoiceList,
    query: { contact: contactId, kind: 'invoice' },
  });
  const write = mayWrite && (
    <Button component={AddressLink} address={draftAddress(workspace.id, { contact: contactId })}>
      New invoice
    </Button>
  );
  return (
    <div className={classes.tab}>
      <div className={classes.head}>
        <div className={classes.standings}>
          {account.map((one) => (
            <Standing key={one.currency} one={one} />
          ))}
        </div>
        {write}
      </div>
      <BillingPanel contactId={contactId} />
      <DataTable
        label="Invoices"
        isCompact
        source={source}
        rowId={(row) => row.id}
        rowLink={(row) => invoiceAddress(workspace.id, row.id)}
        columns={invoiceColumns('invoice', today, false)}
        phone={invoicePhoneRow(today, false)}
        empty={
          <EmptyState title="No invoices yet" action={write}>
            What is billed to this contact stands here, with what of it is open.
          </EmptyState>
        }
      />
    </div>
  );
}

/** Where a contact stands in one currency. */
function Standing({ one }: { one: ContactAccount['data'][number] }) {
  const sum = (amountMinor: number) => <MoneyText amountMinor={amountMinor} currency={one.currency} />;
  return (
    <dl className={classes.standing}>
      <div>
        <dt>Owed now</dt>
        <dd>{sum(one.open_minor)}</dd>
      </div>
      {one.overdue_minor > 0 && (
        <div data-late>
          <dt>{one.missed_count === 1 ? 'Late, 1 date missed' : `Late, ${one.missed_count} dates missed`}</dt>
          <dd>{sum(one.overdue_minor)}</dd>
        </div>
      )}
      {one.on_account_minor > 0 && (
        <div>
          <dt>On account</dt>
          <dd>{sum(one.on_account_minor)}</dd>
        </div>
      )}
      {one.credit_notes_minor > 0 && (
        <div>
          <dt>In credit notes</dt>
          <dd>{sum(one.credit_notes_minor)}</dd>
        </div>
      )}
      {one.next_expected && (
        <div>
          <dt>
            Expected <CalendarDateText date={one.next_expected.on} />
          </dt>
          <dd>{sum(one.next_expected.amount_minor)}</dd>
        </div>
      )}
      <div>
        <dt>Pays</dt>
        <dd className={classes.words}>
          {one.behaviour
            ? `after ${one.behaviour.average_days} ${one.behaviour.average_days === 1 ? 'day' : 'days'} on average; ` +
              `${one.behaviour.on_time_count} of ${one.paid_count} on time`
            : `${one.paid_count === 0 ? 'No' : one.paid_count} paid ${one.paid_count === 1 ? 'invoice' : 'invoices'}: too few to tell`}
        </dd>
      </div>
    </dl>
  );
}
