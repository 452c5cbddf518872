import type { ImportSummaryJson } from '../../../src/imports/api.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { useReader } from '../ui/reader.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { exactMoney } from './import-words.ts';
import classes from './imports.module.css';
import tieOut from './tie-out.module.css';

type Money = ImportSummaryJson['money'][number];

/** Source = charges − refunds − rounding + left out + refused, and lines likewise, as a table one can add up. */
export function ImportTieOut({ summary }: { summary: ImportSummaryJson }) {
  const { locale } = useReader();
  const number = new Intl.NumberFormat(locale);
  const { lines, money } = summary;
  const exact = (one: Money, decimal: string) => exactMoney(decimal, one.currency, locale);
  const row = (name: string, count: string, of: (one: Money) => React.ReactNode, isSum = false) => (
    <tr data-sum={isSum || undefined}>
      <th scope="row">{name}</th>
      <td data-align="right">{count}</td>
      {money.map((one) => (
        <td key={one.currency} data-align="right">
          {of(one)}
        </td>
      ))}
    </tr>
  );
  const sum = (pick: (one: Money) => number) => money.reduce((total, one) => total + pick(one), 0);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard */}
      <section style={{ overflowX: 'auto' }} aria-label="Sums" tabIndex={0}>
        <table className={tieOut.tie}>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" data-align="right">
                Lines
              </th>
              {money.map((one) => (
                <th key={one.currency} scope="col" data-align="right">
                  {one.currency}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {row('Used', number.format(lines.used), () => '')}
            {money.length > 0 && (
              <>
                {row(
                  `${summary.documents ? 'Invoices' : 'Payments'} (${number.format(sum((one) => one.charge_count))})`,
                  '',
                  (one) => (
                    <MoneyText amountMinor={one.charges_minor} currency={one.currency} />
                  ),
                )}
                {row(
                  `${summary.documents ? 'Credit notes' : 'Refunds'} (${number.format(sum((one) => one.credit_count))})`,
                  '',
                  (one) => (
                    <MoneyText amountMinor={-one.credits_minor || 0} currency={one.currency} />
                  ),
                )}
                {row('Rounding', '', (one) => exact(one, negated(one.rounding)))}
              </>
            )}
            {row('Left out', number.format(lines.left_out), (one) => exact(one, one.left_out))}
            {row('Refused', number.format(lines.refused), (one) => exact(one, one.refused))}
            {row('In the file', number.format(lines.read), (one) => exact(one, one.source), true)}
          </tbody>
        </table>
      </section>
      <div>
        <StatusDot tone={summary.ties ? 'green' : 'red'}>
          {summary.ties ? 'The sums tie out: nothing is missing' : 'The sums do not tie out'}
        </StatusDot>
      </div>
      <p className={classes.quiet}>
        {known(number, summary.contacts, 'contact', 'contacts')}
        {summary.companies.in_file > 0 && `; ${known(number, summary.companies, 'company', 'companies')}`}
        {summary.payments.in_file > 0 && `; ${known(number, summary.payments, 'payment', 'payments')}`}.
        {summary.documents && ` ${documentWords(number, summary.documents)}`}
        {summary.payments.zero_value > 0 &&
          ` ${number.format(summary.payments.zero_value)} invoices are worth nothing and make no payment.`}
      </p>
    </>
  );
}

function known(number: Intl.NumberFormat, of: { in_file: number; already_there: number }, one: string, many: string) {
  const words = `${number.format(of.in_file)} ${of.in_file === 1 ? one : many} in the file`;
  return of.already_there > 0 ? `${words}, ${number.format(of.already_there)} of them already here` : words;
}

/** How many documents, with how many lines, and which credit notes found their invoice. */
function documentWords(number: Intl.NumberFormat, of: NonNullable<ImportSummaryJson['documents']>): string {
  const all = { in_file: of.invoices + of.credit_notes, already_there: of.already_there };
  const alone = of.credit_notes - of.about_sales;
  const notes =
    of.credit_notes === 0
      ? ''
      : ` Of the credit notes ${number.format(of.about_sales)} name the invoice they are about; ${number.format(alone)} stand alone, because no sale in the file fits them.`;
  return `${known(number, all, 'document', 'documents')}, with ${number.format(of.lines)} lines.${notes}`;
}

/** "-0.05" → "0.05". */
function negated(decimal: string): string {
  if (/^-?0*\.?0*$/.test(decimal)) return '0';
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}

const SEVERITY = {
  refused: { words: 'Refused', tone: 'red' },
  left_out: { words: 'Left out', tone: 'amber' },
  note: { words: 'Changed', tone: 'hollow' },
} as const;

/** Why lines were not taken as they are, with how many and how much. */
export function ImportReasons({ summary }: { summary: ImportSummaryJson }) {
  const { locale } = useReader();
  const number = new Intl.NumberFormat(locale);
  const withMoney = summary.money.length > 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
    <section style={{ overflowX: 'auto' }} aria-label="Reasons" tabIndex={0}>
      <table className={tieOut.tie}>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Why</th>
            <th scope="col" data-align="right">
              Lines
            </th>
            {withMoney && (
              <th scope="col" data-align="right">
                Worth
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {summary.reasons.map((reason) => (
            <tr key={`${reason.severity} ${reason.code}`}>
              <td>
                <StatusDot tone={SEVERITY[reason.severity].tone}>{SEVERITY[reason.severity].words}</StatusDot>
              </td>
              <td>{reason.title}</td>
              <td data-align="right">{number.format(reason.lines)}</td>
              {withMoney && (
                <td data-align="right">
                  {Object.entries(reason.values)
                    .map(([currency, decimal]) => exactMoney(decimal, currency, locale))
                    .join(' · ')}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {summary.reports_not_kept > 0 && (
        <p className={classes.quiet}>
          {number.format(summary.reports_not_kept)} more are counted here but not listed line by line.
        </p>
      )}
    </section>
  );
}
