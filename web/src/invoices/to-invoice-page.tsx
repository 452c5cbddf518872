import { Button, Checkbox } from '@mantine/core';
import { IconDownload, IconListCheck } from '@tabler/icons-react';
import { linkOptions } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { type ContactToInvoice, toInvoiceList, type WorkItem } from '../../../src/invoices/api-work.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import paymentsClasses from '../payments/payments.module.css';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { PaymentsTabs } from '../payments/payments-tabs.tsx';
import { TestMark } from '../payments/test-mark.tsx';
import { AddressLink } from '../ui/address-link.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText, useMoneyFormat } from '../ui/money-text.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState, ErrorState, SkeletonLines } from '../ui/states.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { useToday } from './invoice-filters.ts';
import classes from './to-invoice.module.css';
import { useWorkDeeds } from './use-work.ts';
import { agoWords, canBeInvoiced, invoicesOf, WORK_KIND } from './work-words.ts';

const WorkSheet = lazy(async () => ({ default: (await import('./work-sheet.tsx')).WorkSheet }));

/** Contacts read at a time; each brings its work. */
const CONTACTS_PER_PAGE = 25;

/** Payments → To invoice: what is done and nobody was billed for, who has waited longest first. */
export function ToInvoicePage() {
  const isOn = useSwitch('payments_and_ltv');
  if (isOn === false) return <PaymentsOff title="To invoice" />;
  return <Shown />;
}

function Shown() {
  const { workspace } = useWorkspace();
  const may = useMay();
  const mayWrite = may('invoices.write');
  const deeds = useWorkDeeds();
  const { download, isFetching } = useFiles();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<WorkItem | null>(null);
  const source = useCursorPages<ContactToInvoice>({
    key: 'work-to-invoice',
    path: '/v1/work-items/to-invoice',
    page: toInvoiceList,
    query: { limit: CONTACTS_PER_PAGE },
  });
  const selected = source.rows.flatMap((group) => group.items).filter((item) => chosen.has(item.id));

  /** One invoice has one contact and one currency: work of another one begins another choice. */
  function toggle(item: WorkItem) {
    const [first] = selected;
    const fits = first === undefined || (first.contact.id === item.contact.id && first.currency === item.currency);
    const next = new Set(fits ? chosen : []);
    if (!next.delete(item.id)) next.add(item.id);
    setChosen(next);
  }

  return (
    <Page>
      <PageHeader
        title="To invoice"
        beside={workspace.mode === 'sandbox' && <TestMark />}
        subtitle="Appointments and deals that are done and on no invoice."
        actions={
          may('export') && (
            <Button
              leftSection={<IconDownload size={16} stroke={1.6} />}
              loading={isFetching}
              disabled={source.status === 'success' && source.rows.length === 0}
              onClick={() => void download('/v1/exports/work-items.csv', 'work-items.csv', { status: 'to_invoice' })}
            >
              Export CSV
            </Button>
          )
        }
      />
      <PaymentsTabs />
      {source.status === 'error' ? (
        <ErrorState title="The list could not be loaded" message={source.failure ?? ''} onRetry={source.retry} />
      ) : source.status === 'pending' ? (
        <SkeletonLines lines={6} width="720px" />
      ) : source.rows.length === 0 ? (
        <EmptyState icon={<IconListCheck size={28} stroke={1.4} />} title="Everything that is done is invoiced">
          On a contact’s Work tab, add an appointment or a deal with what it costs. When it is marked done it waits here
          until it is on an invoice, so that nothing you did goes unbilled.
        </EmptyState>
      ) : (
        source.rows.map((group) => (
          <Group
            key={group.contact.id}
            group={group}
            chosen={chosen}
            onToggle={mayWrite ? toggle : null}
            onInvoice={mayWrite ? (items) => void deeds.invoice(items) : null}
            onPrice={mayWrite ? setEdited : null}
            isRunning={deeds.isRunning}
          />
        ))
      )}
      {source.hasMore && (
        <div>
          <Button loading={source.isLoadingMore} onClick={source.loadMore}>
            Show more
          </Button>
        </div>
      )}
      <Chosen
        items={selected}
        isRunning={deeds.isRunning}
        onInvoice={() => void deeds.invoice(selected)}
        onClear={() => setChosen(new Set())}
      />
      {edited && (
        <Suspense>
          <WorkSheet
            contact={edited.contact}
            currency={edited.currency}
            isCurrencyFixed
            item={edited}
            onClose={() => setEdited(null)}
          />
        </Suspense>
      )}
    </Page>
  );
}

interface GroupProps {
  group: ContactToInvoice;
  chosen: ReadonlySet<string>;
  isRunning: boolean;
  /** Null where nothing may be written. */
  onToggle: ((item: WorkItem) => void) | null;
  onInvoice: ((items: readonly WorkItem[]) => void) | null;
  onPrice: ((item: WorkItem) => void) | null;
}

/** One contact: what waits, since when, and one button per currency. */
function Group({ group, ...props }: GroupProps) {
  const { workspace } = useWorkspace();
  const money = useMoneyFormat();
  const today = useToday();
  const { contact } = group;
  const hidden = group.count - group.items.length;
  const work = linkOptions({
    to: '/w/$workspaceId/contacts/$contactId/work',
    params: { workspaceId: workspace.id, contactId: contact.id },
  });
  return (
    <section className={classes.group} aria-label={contact.name}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.name}>
            <AddressLink address={work}>{contact.name}</AddressLink>
          </h2>
          <p className={classes.quiet}>
            {group.values.map(({ currency, total_minor }) => money(total_minor, currency)).join(' · ')} · oldest done{' '}
            {agoWords(group.oldest_done_on, today)}
          </p>
        </div>
        {contact.archived ? (
          <span className={classes.quiet}>Archived: restore the contact to bill it</span>
        ) : (
          <div className={classes.buttons}>
            {props.onInvoice &&
              invoicesOf(group).map(({ currency, items, totalMinor }) => (
                <Button
                  key={currency}
                  disabled={props.isRunning}
                  aria-label={`Invoice ${money(totalMinor, currency)} to ${contact.name}`}
                  onClick={() => props.onInvoice?.(items)}
                >
                  Invoice {money(totalMinor, currency)}
                </Button>
              ))}
          </div>
        )}
      </div>
      <ul className={classes.items}>
        {group.items.map((item) => (
          <li key={item.id} className={classes.item}>
            <Checkbox
              aria-label={`Choose ${item.title}`}
              checked={props.chosen.has(item.id)}
              disabled={props.onToggle === null || contact.archived || !canBeInvoiced(item)}
              onChange={() => props.onToggle?.(item)}
            />
            <span className={classes.what}>
              {item.title} <span className={classes.quiet}>{WORK_KIND[item.kind]}</span>
            </span>
            <span className={`${classes.when} ${classes.quiet}`}>
              {item.done_on && (
                <>
                  <CalendarDateText date={item.done_on} /> · {agoWords(item.done_on, today)}
                </>
              )}
            </span>
            <span className={classes.amount}>
              {item.lines.length > 0 ? (
                <MoneyText amountMinor={item.total_minor} currency={item.currency} />
              ) : props.onPrice && !contact.archived ? (
                <Button
                  size="xs"
                  variant="subtle"
                  aria-label={`Add price to ${item.title}`}
                  onClick={() => props.onPrice?.(item)}
                >
                  Add price
                </Button>
              ) : (
                <span className={classes.quiet}>No price yet</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className={classes.quiet}>{hidden} more follow when these are invoiced.</p>}
    </section>
  );
}

function Chosen(props: { items: readonly WorkItem[]; isRunning: boolean; onInvoice: () => void; onClear: () => void }) {
  const money = useMoneyFormat();
  const [first] = props.items;
  if (first === undefined) return null;
  const total = props.items.reduce((sum, item) => sum + item.total_minor, 0);
  return (
    <div className={paymentsClasses.selection} role="status">
      <span>
        <strong>{props.items.length} chosen</strong> · {first.contact.name} · {money(total, first.currency)}
      </span>
      <span className={paymentsClasses.selectionActions}>
        <Button size="xs" variant="subtle" onClick={props.onClear}>
          Clear
        </Button>
        <Button size="xs" variant="filled" loading={props.isRunning} onClick={props.onInvoice}>
          Make invoice
        </Button>
      </span>
    </div>
  );
}
