import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { type WorkItem, workList } from '../../../src/invoices/api-work.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { draftAddress, invoiceAddress } from '../invoices/invoice-addresses.ts';
import { useToday } from '../invoices/invoice-filters.ts';
import { useWorkDeeds } from '../invoices/use-work.ts';
import { canBeInvoiced, invoicesOf, WORK_KIND, workStatusWords } from '../invoices/work-words.ts';
import { DataTable } from '../ui/data-table.tsx';
import type { RowAction } from '../ui/data-table-shape.ts';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { EmptyState } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { useContactOverview } from './contact-queries.ts';
import classes from './invoices-tab.module.css';
import { MoneyOnly } from './money-only.tsx';
import { useWorkspaceCurrency } from './workspace-settings.ts';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

const WorkSheet = lazy(async () => ({ default: (await import('../invoices/work-sheet.tsx')).WorkSheet }));

type Sheet = { kind: 'appointment' | 'deal'; item: WorkItem | null };

/** Appointments and deals of a contact: what is planned, what is done, and what of it nobody was billed for. */
export function WorkTab() {
  return (
    <MoneyOnly>
      <Shown />
    </MoneyOnly>
  );
}

function Shown() {
  const { contactId } = route.useParams();
  const { workspace } = useWorkspace();
  const money = useMoneyFormat();
  const today = useToday();
  const deeds = useWorkDeeds();
  const contact = useContactOverview(contactId).data?.contact;
  const usual = useWorkspaceCurrency();
  const mayWrite = useMay()('invoices.write') && contact?.archived_at === null && contact.merged_into === null;
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const source = useCursorPages<WorkItem>({
    key: 'work',
    path: '/v1/work-items',
    page: workList,
    query: { contact: contactId },
  });
  const add = mayWrite && (
    <>
      <Button onClick={() => setSheet({ kind: 'deal', item: null })}>Add deal</Button>
      <Button onClick={() => setSheet({ kind: 'appointment', item: null })}>Add appointment</Button>
    </>
  );
  const billable = invoicesOf({ items: [...source.rows].reverse() });
  const status = (item: WorkItem) => {
    const { words, tone } = workStatusWords(item, today);
    return <StatusDot tone={tone}>{words}</StatusDot>;
  };
  const when = (item: WorkItem) => {
    const day = item.done_on ?? item.planned_on;
    if (day === null) return null;
    return (
      <span style={{ whiteSpace: 'nowrap' }}>
        <CalendarDateText date={day} />
        {item.done_on === null && item.planned_time !== null && ` ${item.planned_time}`}
      </span>
    );
  };
  const amount = (item: WorkItem) =>
    item.lines.length > 0 && item.billable ? (
      <MoneyText amountMinor={item.total_minor} currency={item.currency} />
    ) : null;
  const actions = (item: WorkItem): RowAction[] => [
    ...(mayWrite ? stepsOf(item) : []),
    ...(item.invoice
      ? [
          {
            label: item.invoice.number === null ? 'Open draft' : `Open ${item.invoice.number}`,
            link:
              item.invoice.status === 'draft'
                ? draftAddress(workspace.id, { draft: item.invoice.id })
                : invoiceAddress(workspace.id, item.invoice.id),
          },
        ]
      : []),
  ];
  function stepsOf(item: WorkItem): RowAction[] {
    const edit = { label: 'Edit', run: () => setSheet({ kind: item.kind, item }) };
    if (item.status === 'cancelled') return [{ label: 'Plan it again', run: () => void deeds.replan(item) }, edit];
    if (item.status === 'planned') {
      const cancel = { label: 'Cancel it', run: () => void deeds.cancel(item) };
      return [{ label: 'Mark done', run: () => void deeds.complete(item) }, edit, cancel];
    }
    const isBilled = item.billable && !item.to_invoice;
    return [
      ...(canBeInvoiced(item) ? [{ label: 'Invoice', run: () => void deeds.invoice([item]) }] : []),
      edit,
      ...(isBilled ? [] : [{ label: 'Not done after all', run: () => void deeds.reopen(item) }]),
    ];
  }

  return (
    <div className={classes.tab}>
      <div className={classes.head}>
        <div className={classes.buttons}>
          {mayWrite &&
            billable.map(({ currency, items, totalMinor }) => (
              <Button key={currency} loading={deeds.isRunning} onClick={() => void deeds.invoice(items)}>
                Invoice {money(totalMinor, currency)}
              </Button>
            ))}
        </div>
        <div className={classes.buttons}>{source.rows.length > 0 && add}</div>
      </div>
      <DataTable
        label="Work"
        isCompact
        source={source}
        rowId={(item) => item.id}
        {...(mayWrite ? { onOpen: (item: WorkItem) => setSheet({ kind: item.kind, item }) } : {})}
        rowActions={actions}
        columns={[
          { id: 'title', header: 'What', width: 'minmax(160px, 2fr)', render: (item) => item.title },
          { id: 'kind', header: 'Kind', width: '112px', minTableWidth: 720, render: (item) => WORK_KIND[item.kind] },
          { id: 'when', header: 'When', width: '160px', render: when },
          { id: 'status', header: 'Status', width: '144px', render: status },
          { id: 'amount', header: 'Amount', width: '120px', align: 'right', render: amount },
        ]}
        phone={(item) => ({ title: item.title, value: amount(item), detail: when(item), valueDetail: status(item) })}
        empty={
          <EmptyState title="No work yet" action={add && <span className={classes.buttons}>{add}</span>}>
            Appointments and deals stand here. Mark one done, and it waits under Payments → To invoice until it is
            billed.
          </EmptyState>
        }
      />
      {sheet && contact && (sheet.item || contact.currency || usual) && (
        <Suspense>
          <WorkSheet
            contact={contact}
            currency={contact.currency ?? usual ?? sheet.item!.currency}
            isCurrencyFixed={contact.currency !== null}
            item={sheet.item}
            kind={sheet.kind}
            onClose={() => setSheet(null)}
          />
        </Suspense>
      )}
    </div>
  );
}
