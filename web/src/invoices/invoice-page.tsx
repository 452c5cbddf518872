import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Invoice } from '../../../src/invoices/api.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { usePageKeys } from '../contacts/use-page-keys.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { TestMark } from '../payments/test-mark.tsx';
import columns from '../payments/transaction.module.css';
import { AddressLink, useGoTo } from '../ui/address-link.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ErrorState, Notice, SkeletonFigures, SkeletonLines } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useMay, useSwitch } from '../workspace/workspace-facts.ts';
import { Attachments } from './attachments.tsx';
import { AutoChargeStanding } from './auto-charge-standing.tsx';
import { draftAddress, invoiceAddress, invoicesAddress } from './invoice-addresses.ts';
import { DocumentStatusDot } from './invoice-columns.tsx';
import { InvoiceFacts } from './invoice-facts.tsx';
import { useToday } from './invoice-filters.ts';
import { InvoiceHistory } from './invoice-history.tsx';
import { InvoiceLines } from './invoice-lines.tsx';
import { InvoiceMoney } from './invoice-money.tsx';
import classes from './invoice-page.module.css';
import { prefillOf, WhereNow } from './invoice-standing.tsx';
import { KIND_WORDS, nameOf, wasTouched } from './invoice-words.ts';
import { useDocument, useDocumentDeeds } from './use-documents.ts';
import { useCustomer, useInvoiceDoors, useSendings } from './use-invoice-doors.ts';

// What is opened by a button is fetched then.
const CreditSheet = lazy(async () => ({ default: (await import('./credit-sheet.tsx')).CreditSheet }));
const IssueDialog = lazy(async () => ({ default: (await import('./issue-dialog.tsx')).IssueDialog }));
const ApplyDialog = lazy(async () => ({ default: (await import('./apply-dialog.tsx')).ApplyDialog }));
const ChargeNow = lazy(async () => ({ default: (await import('../charge/charge-now.tsx')).ChargeNow }));
const OfflinePaymentSheet = lazy(async () => ({
  default: (await import('../charge/offline-payment-sheet.tsx')).OfflinePaymentSheet,
}));
const SendSheet = lazy(async () => ({ default: (await import('../messages/send-sheet.tsx')).SendSheet }));
const MakeRecurringSheet = lazy(async () => ({
  default: (await import('./make-recurring-sheet.tsx')).MakeRecurringSheet,
}));
const ReasonDialog = lazy(async () => ({ default: (await import('./reason-dialog.tsx')).ReasonDialog }));

const route = getRouteApi('/w/$workspaceId/payments/invoices/$invoiceId');

/** One invoice, quote or credit note: what it is, where it stands, and what can be done with it. */
export function InvoicePage() {
  const { invoiceId } = route.useParams();
  const { workspace } = useWorkspace();
  const isOn = useSwitch('payments_and_ltv');
  const query = useDocument(isOn === true ? invoiceId : undefined);
  if (isOn === false) return <PaymentsOff title="Invoice" />;
  if (query.data) return <Shown key={query.data.id} invoice={query.data} />;
  return (
    <Page>
      <PageHeader title={query.isError ? 'Invoice' : undefined} />
      {query.isError ? (
        <ErrorState
          title="This document could not be shown"
          message={
            query.error instanceof ApiProblem && query.error.status === 404
              ? 'There is no document with this id here. Check the address, or look for it in Invoices.'
              : describeError(query.error)
          }
          onRetry={() => void query.refetch()}
          action={
            <Button component={AddressLink} variant="subtle" address={invoicesAddress(workspace.id)}>
              All invoices
            </Button>
          }
        />
      ) : (
        <>
          <SkeletonFigures count={1} />
          <SkeletonLines lines={6} width="560px" />
        </>
      )}
    </Page>
  );
}

type Open =
  | ('issue' | 'credit' | 'void' | 'write-off' | 'accept' | 'discard')
  | ('charge' | 'record' | 'apply' | 'send' | 'recurring')
  | null;

function Shown({ invoice }: { invoice: Invoice }) {
  const { workspace } = useWorkspace();
  const goTo = useGoTo();
  const may = useMay();
  const mayWrite = may('invoices.write');
  const canChargeHere = useSwitch('charge_customers_directly') === true && may('payments.charge');
  const doors = useInvoiceDoors(invoice);
  const { email, onAccountMinor } = useCustomer(invoice);
  const sent = useSendings(invoice);
  const deeds = useDocumentDeeds();
  const today = useToday();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const kind = KIND_WORDS[invoice.kind].toLocaleLowerCase();
  const isDraft = invoice.number === null;
  const isQuote = invoice.kind === 'quote';
  const isVoid = invoice.status === 'void';
  const isCreditable =
    invoice.kind === 'invoice' && !isDraft && !isVoid && invoice.credited_minor < invoice.total_minor;

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toastFailed(describeError(error));
    }
  };
  const duplicate = (replaces: boolean) =>
    attempt(async () => {
      const draft = await deeds.copy(invoice.id, replaces);
      goTo(draftAddress(workspace.id, { draft: draft.id }));
    });
  const makeInvoice = () =>
    attempt(async () => {
      const draft = await deeds.invoiceQuote(invoice.id);
      goTo(draftAddress(workspace.id, { draft: draft.id }));
    });
  const decline = () =>
    attempt(async () => {
      await deeds.answer(invoice.id, 'declined');
      toastDone(`${invoice.number} is declined. It can still be accepted.`);
    });
  const edit = mayWrite && isDraft ? () => goTo(draftAddress(workspace.id, { draft: invoice.id })) : undefined;

  const isOwed = invoice.kind === 'invoice' && !isDraft && !isVoid && invoice.open_minor > 0;
  // A payment is on its way: another one now would pay twice.
  const canPay = isOwed && invoice.status !== 'processing';
  const canCharge = canPay && canChargeHere;
  const canRecord = canPay && may('payments.record_offline');
  const canSend = mayWrite && !isDraft && !isVoid;
  usePageKeys({
    e: edit,
    c: canCharge ? () => setOpen('charge') : undefined,
    s: canSend ? () => setOpen('send') : undefined,
  });

  const canAnswer = isQuote && ['sent', 'accepted', 'declined'].includes(invoice.status);
  const canInvoice = isQuote && ['sent', 'accepted', 'expired'].includes(invoice.status);
  return (
    <Page>
      <PageHeader
        title={isDraft ? nameOf(invoice) : `${KIND_WORDS[invoice.kind]} ${invoice.number}`}
        beside={invoice.test && <TestMark />}
        subtitle={
          <AddressLink
            className={classes.whom}
            address={{
              to: '/w/$workspaceId/contacts/$contactId',
              params: { workspaceId: workspace.id, contactId: invoice.contact.id },
            }}
          >
            {invoice.contact.name}
          </AddressLink>
        }
        actions={
          <>
            <Menu>
              <Menu.Target>
                <ActionIcon aria-label="More" variant="default">
                  <IconDots size={16} stroke={1.8} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={doors.openPdf}>{isDraft ? 'See it as a PDF' : 'Open PDF'}</Menu.Item>
                {!isDraft && !isQuote && <Menu.Item onClick={doors.downloadXml}>E-invoice (XML)</Menu.Item>}
                {canSend && <Menu.Item onClick={() => void doors.copyLink()}>Copy the customer’s link</Menu.Item>}
                {canSend && <Menu.Item onClick={() => void doors.revokeLinks()}>Revoke its links</Menu.Item>}
                {canRecord && onAccountMinor > 0 && (
                  <Menu.Item onClick={() => setOpen('apply')}>Pay from the account</Menu.Item>
                )}
                <Menu.Divider />
                {mayWrite && invoice.kind !== 'credit_note' && (
                  <Menu.Item onClick={() => void duplicate(false)}>Duplicate</Menu.Item>
                )}
                {mayWrite && invoice.kind === 'invoice' && invoice.recurring_id === null && (
                  <Menu.Item onClick={() => setOpen('recurring')}>Make recurring</Menu.Item>
                )}
                {mayWrite && isVoid && (
                  <Menu.Item onClick={() => void duplicate(true)}>Write another in its place</Menu.Item>
                )}
                {mayWrite && canAnswer && invoice.status !== 'declined' && (
                  <Menu.Item onClick={() => void decline()}>Declined by the customer</Menu.Item>
                )}
                <Menu.Item
                  onClick={() =>
                    void copyToClipboard(invoice.number ?? invoice.id).then(() =>
                      toastDone(`${invoice.number ?? invoice.id} is copied`),
                    )
                  }
                >
                  {isDraft ? 'Copy id' : 'Copy number'}
                </Menu.Item>
                {mayWrite && !isVoid && (isDraft || invoice.kind !== 'credit_note') && <Menu.Divider />}
                {mayWrite && isCreditable && <Menu.Item onClick={() => setOpen('credit')}>Credit</Menu.Item>}
                {mayWrite && invoice.kind === 'invoice' && invoice.open_minor > 0 && (
                  <Menu.Item onClick={() => setOpen('write-off')}>Write off</Menu.Item>
                )}
                {mayWrite && !isDraft && !isVoid && invoice.kind !== 'credit_note' && !wasTouched(invoice) && (
                  <Menu.Item onClick={() => setOpen('void')}>Declare void</Menu.Item>
                )}
                {mayWrite && isDraft && <Menu.Item onClick={() => setOpen('discard')}>Throw away</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
            {canSend && (
              <Button
                variant={invoice.sent_at === null && !canCharge && !canInvoice ? 'filled' : 'default'}
                onClick={() => setOpen('send')}
              >
                {invoice.sent_at === null ? 'Send' : 'Send again'}
              </Button>
            )}
            {canRecord && <Button onClick={() => setOpen('record')}>Record payment</Button>}
            {canCharge && (
              <Button variant="filled" onClick={() => setOpen('charge')}>
                Charge card
              </Button>
            )}
            {edit && <Button onClick={edit}>Edit</Button>}
            {mayWrite && isDraft && (
              <Button variant="filled" onClick={() => setOpen('issue')}>
                Issue {kind}
              </Button>
            )}
            {mayWrite && canAnswer && invoice.status !== 'accepted' && (
              <Button variant={canInvoice ? 'default' : 'filled'} onClick={() => setOpen('accept')}>
                Accepted by the customer
              </Button>
            )}
            {mayWrite && canInvoice && (
              <Button variant="filled" onClick={() => void makeInvoice()}>
                Make invoice
              </Button>
            )}
          </>
        }
      />
      <div>
        <div className={classes.amounts}>
          <MoneyText size="large" amountMinor={invoice.total_minor} currency={invoice.currency} struck={isVoid} />
          <DocumentStatusDot row={invoice} />
        </div>
        <p className={columns.whereNow}>
          <WhereNow invoice={invoice} today={today} />
        </p>
      </div>
      {canRecord && onAccountMinor > 0 && (
        <Notice
          tone="quiet"
          action={
            <Button size="xs" onClick={() => setOpen('apply')}>
              Pay from the account
            </Button>
          }
        >
          {invoice.contact.name} has <MoneyText amountMinor={onAccountMinor} currency={invoice.currency} /> on account.
        </Notice>
      )}
      {invoice.status === 'disputed' && (
        <Notice tone="red" title="The customer disputes it">
          {invoice.dispute_words ?? 'They gave no reason.'} It is not counted as late until that is settled: credit what
          is wrong, or talk to them.
        </Notice>
      )}
      <div className={columns.columns}>
        <div className={columns.main}>
          <Section title="Lines">
            <InvoiceLines invoice={invoice} />
          </Section>
          {invoice.notes && (
            <Section title={invoice.kind === 'credit_note' ? 'Reason' : 'Notes'}>
              <p className={classes.notes}>{invoice.notes}</p>
            </Section>
          )}
          <Attachments invoiceId={invoice.id} draftId={mayWrite && isDraft ? async () => invoice.id : null} />
          <InvoiceMoney invoice={invoice} />
          <Section title="History">
            <InvoiceHistory invoice={invoice} messages={sent.data?.data ?? []} />
          </Section>
        </div>
        <aside className={columns.aside} aria-label="Facts">
          <InvoiceFacts invoice={invoice} />
          <AutoChargeStanding invoice={invoice} />
        </aside>
      </div>
      <Suspense fallback={null}>
        {open === 'issue' && (
          <IssueDialog draft={invoice} onClose={close} onIssued={(issued) => toastDone(`${issued.number} is issued`)} />
        )}
        {open === 'charge' && <ChargeNow contactId={invoice.contact.id} prefill={prefillOf(invoice)} onClose={close} />}
        {open === 'record' && (
          <OfflinePaymentSheet
            contact={invoice.contact}
            currency={invoice.currency}
            invoice={{ id: invoice.id, openMinor: BigInt(invoice.open_minor) }}
            onClose={close}
          />
        )}
        {open === 'apply' && <ApplyDialog invoice={invoice} onAccountMinor={onAccountMinor} onClose={close} />}
        {open === 'send' && (
          <SendSheet
            invoiceId={invoice.id}
            title={`${KIND_WORDS[invoice.kind]} ${invoice.number}`}
            customer={invoice.contact.name}
            email={email}
            onClose={close}
          />
        )}
        {open === 'recurring' && <MakeRecurringSheet invoice={invoice} onClose={close} />}
        {open === 'credit' && (
          <CreditSheet
            invoice={invoice}
            onClose={close}
            onCredited={(note) => {
              toastDone(`${note.number} is issued`);
              goTo(invoiceAddress(workspace.id, note.id));
            }}
          />
        )}
        {open === 'void' && (
          <ReasonDialog
            title={`Declare ${invoice.number} void?`}
            label="Why"
            whenEmpty="Say why: it is kept with the document."
            confirm="Declare void"
            isDestructive
            onClose={close}
            onConfirm={(reason) => deeds.declareVoid(invoice.id, reason)}
          >
            {invoice.contact.name} no longer owes it, and it is out of the books. Its number stays taken. This cannot be
            taken back; another can be written in its place.
          </ReasonDialog>
        )}
        {open === 'write-off' && (
          <ReasonDialog
            title={`Write off ${invoice.number}?`}
            label="Why"
            whenEmpty="Say why: it stands in the audit log."
            confirm="Write off"
            isDestructive
            amount={{ maxMinor: BigInt(invoice.open_minor), currency: invoice.currency }}
            onClose={close}
            onConfirm={(reason, amountMinor) =>
              deeds.writeOff(invoice.id, {
                reason,
                ...(amountMinor === null ? {} : { amount_minor: Number(amountMinor) }),
              })
            }
          >
            {invoice.contact.name} is no longer asked for it, and it is booked as a loss. This cannot be taken back.
          </ReasonDialog>
        )}
        {open === 'accept' && (
          <ReasonDialog
            title={`Has ${invoice.contact.name} accepted ${invoice.number}?`}
            label="Who said so"
            confirm="Accepted"
            onClose={close}
            onConfirm={(by) => deeds.answer(invoice.id, 'accepted', by === '' ? invoice.contact.name : by)}
          >
            The name is kept with the quote. The answer can be changed until it is made into an invoice.
          </ReasonDialog>
        )}
      </Suspense>
      <ConfirmDialog
        isOpen={open === 'discard'}
        onClose={close}
        title="Throw this draft away?"
        confirm="Throw away"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          goTo(invoicesAddress(workspace.id, isQuote ? { kind: 'quote' } : {}));
          await deeds.discard(invoice.id);
          toastDone('The draft is thrown away');
        }}
      >
        Nobody has seen it and it has no number. It cannot be brought back.
      </ConfirmDialog>
    </Page>
  );
}
