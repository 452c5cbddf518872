import type { Invoice } from '../../../src/invoices/api.ts';
import { termsWords } from '../../../src/invoices/written-terms.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import classes from '../payments/transaction.module.css';
import { AddressLink } from '../ui/address-link.tsx';
import { CopyText } from '../ui/copy-text.tsx';
import { CalendarDateText } from '../ui/date-text.tsx';
import { MoneyText } from '../ui/money-text.tsx';
import { invoiceAddress } from './invoice-addresses.ts';
import { KIND_WORDS } from './invoice-words.ts';

/** Who it is for, its dates and terms, and the documents it belongs together with. */
export function InvoiceFacts({ invoice }: { invoice: Invoice }) {
  const { workspace } = useWorkspace();
  const isInvoice = invoice.kind === 'invoice';
  return (
    <>
      <dl className={classes.facts}>
        <dt>Contact</dt>
        <dd>
          <AddressLink
            address={{
              to: '/w/$workspaceId/contacts/$contactId',
              params: { workspaceId: workspace.id, contactId: invoice.contact.id },
            }}
          >
            {invoice.contact.name}
          </AddressLink>
        </dd>
        {(invoice.issued_on ?? invoice.issue_on) && (
          <>
            <dt>Date</dt>
            <dd>
              <CalendarDateText date={(invoice.issued_on ?? invoice.issue_on)!} />
            </dd>
          </>
        )}
        {invoice.valid_until && (
          <>
            <dt>Valid until</dt>
            <dd>
              <CalendarDateText date={invoice.valid_until} />
            </dd>
          </>
        )}
        {invoice.kind !== 'credit_note' && (
          <>
            <dt>Terms</dt>
            <dd>{invoice.terms.name || termsWords(invoice.terms.terms, 'en', invoice.deposit !== null)}</dd>
          </>
        )}
        {invoice.promised_on && (
          <>
            <dt>Promised for</dt>
            <dd>
              <CalendarDateText date={invoice.promised_on} />
            </dd>
          </>
        )}
        {invoice.reference && (
          <>
            <dt>Their reference</dt>
            <dd>{invoice.reference}</dd>
          </>
        )}
        {invoice.made_from && (
          <>
            <dt>{invoice.kind === 'credit_note' ? 'About' : 'From quote'}</dt>
            <dd>
              <AddressLink address={invoiceAddress(workspace.id, invoice.made_from.id)}>
                {invoice.made_from.number ?? 'Draft'}
              </AddressLink>
            </dd>
          </>
        )}
        {invoice.replaces && (
          <>
            <dt>In place of</dt>
            <dd>
              <AddressLink address={invoiceAddress(workspace.id, invoice.replaces.id)}>
                {invoice.replaces.number ?? 'Draft'}
              </AddressLink>
            </dd>
          </>
        )}
        {invoice.followed_by.map((one) => (
          <div key={one.id} style={{ display: 'contents' }}>
            <dt>{KIND_WORDS[one.kind as keyof typeof KIND_WORDS] ?? one.kind}</dt>
            <dd>
              <AddressLink address={invoiceAddress(workspace.id, one.id)}>{one.number ?? 'Draft'}</AddressLink>
            </dd>
          </div>
        ))}
        <dt>Id</dt>
        <dd>
          <CopyText text={invoice.id} label="Document id" />
        </dd>
      </dl>
      {isInvoice && invoice.status !== 'void' && (
        <dl className={classes.facts} aria-label="Due">
          {invoice.instalments.map((part, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two instalments may be alike
            <div key={place} style={{ display: 'contents' }}>
              <dt>
                {invoice.number === null ? 'Would be due' : 'Due'} <CalendarDateText date={part.due_on} />
              </dt>
              <dd>
                <MoneyText amountMinor={part.amount_minor} currency={invoice.currency} />
              </dd>
            </div>
          ))}
          {invoice.early_discount && (
            <>
              <dt>
                Off if paid until <CalendarDateText date={invoice.early_discount.until_on} />
              </dt>
              <dd>
                <MoneyText amountMinor={-invoice.early_discount.amount_minor} currency={invoice.currency} />
              </dd>
            </>
          )}
        </dl>
      )}
      {invoice.terms.late_fee_text && isInvoice && <p className={classes.quiet}>{invoice.terms.late_fee_text}</p>}
    </>
  );
}
