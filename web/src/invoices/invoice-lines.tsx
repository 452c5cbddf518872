import type { Invoice } from '../../../src/invoices/api.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { markOf, typedText } from './decimal-text.ts';
import classes from './invoice-page.module.css';
import { priceText } from './product-price.ts';

/** What the document is about, line by line, and how its total is added up. */
export function InvoiceLines({ invoice }: { invoice: Invoice }) {
  const mark = markOf(useReader().locale);
  const labels = new Map(invoice.taxes.map((tax) => [tax.code, tax.label]));
  const sum = (amountMinor: number) => <MoneyText amountMinor={amountMinor} currency={invoice.currency} />;
  const hasTaxes = invoice.lines.some((line) => line.taxes.length > 0);
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Item</th>
            <th data-align="right">Quantity</th>
            <th data-align="right" className={classes.hidesOnPhone}>
              Unit price
            </th>
            {hasTaxes && <th className={classes.hidesOnPhone}>Tax</th>}
            <th data-align="right">Amount</th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a shown document never move
            <tr key={place}>
              <td>
                {line.name}
                {line.description && <div className={classes.description}>{line.description}</div>}
                {line.discount && (
                  <div className={classes.description}>
                    Less {line.discount.percent === undefined ? '' : `${typedText(line.discount.percent, mark)} %, `}
                    {sum(line.discount_minor)}
                  </div>
                )}
              </td>
              <td data-align="right">
                {typedText(line.quantity, mark)}
                {line.unit && ` ${line.unit}`}
              </td>
              <td data-align="right" className={classes.hidesOnPhone}>
                {priceText(line.unit_price, invoice.currency, mark)}
              </td>
              {hasTaxes && (
                <td className={classes.hidesOnPhone}>
                  {line.taxes.map((code) => labels.get(code) ?? code).join(', ')}
                </td>
              )}
              <td data-align="right">{sum(line.gross_minor - line.discount_minor)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl className={classes.sums}>
        <dt>Subtotal</dt>
        <dd>{sum(invoice.net_minor)}</dd>
        {invoice.document_discount_minor > 0 && (
          <>
            <dt>
              Discount
              {invoice.discount?.percent !== undefined && ` ${typedText(invoice.discount.percent, mark)} %`}
            </dt>
            <dd>{sum(-invoice.document_discount_minor)}</dd>
          </>
        )}
        {invoice.taxes.map((tax) => (
          <div key={tax.code} style={{ display: 'contents' }}>
            <dt>
              {tax.label} on {sum(tax.base_minor)}
              {tax.inclusive && ', in the prices'}
            </dt>
            <dd>{sum(tax.tax_minor)}</dd>
          </div>
        ))}
        <dt data-main>Total</dt>
        <dd data-main>{sum(invoice.total_minor)}</dd>
        <Since invoice={invoice} />
      </dl>
    </>
  );
}

/** What became of the total since the document was issued. */
function Since({ invoice }: { invoice: Invoice }) {
  const moved = [
    { name: 'Late fees', amountMinor: invoice.late_fee_minor },
    { name: 'Credited', amountMinor: -invoice.credited_minor },
    { name: 'Off for early payment', amountMinor: -invoice.discounted_minor },
    { name: 'Paid', amountMinor: -invoice.paid_minor },
    { name: 'Written off', amountMinor: -invoice.written_off_minor },
  ].filter(({ amountMinor }) => amountMinor !== 0);
  if (moved.length === 0 || invoice.kind !== 'invoice') return null;
  return (
    <>
      {moved.map(({ name, amountMinor }) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>
            <MoneyText amountMinor={amountMinor} currency={invoice.currency} />
          </dd>
        </div>
      ))}
      <dt data-main>Open</dt>
      <dd data-main>
        <MoneyText amountMinor={invoice.open_minor} currency={invoice.currency} />
      </dd>
    </>
  );
}
