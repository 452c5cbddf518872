import type { ReactNode } from 'react';
import { AGES } from '../../../src/invoices/ageing.ts';
import type { AgeingRow } from '../../../src/invoices/api-ageing.ts';
import type { Column, PhoneRow } from '../ui/data-table-shape.ts';
import { MoneyText } from '../ui/money-text.tsx';
import classes from './invoices.module.css';

/** A customer, or all of them together: the first line. */
export type AgeingLine = Omit<AgeingRow, 'contact'> & { readonly contact: AgeingRow['contact'] | null };

type AmountName = Exclude<keyof AgeingLine, 'contact' | 'currency'>;

const WIDTH = 'minmax(76px, 1fr)';

function Amount({ line, of }: { line: AgeingLine; of: AmountName }) {
  // What is nothing stays empty in the line of a customer, so that one sees at a glance where there is something.
  if (line[of] === 0 && line.contact !== null) return null;
  return inLine(line, <MoneyText amountMinor={line[of]} currency={line.currency} />);
}

function inLine(line: AgeingLine, content: ReactNode) {
  return line.contact === null ? <strong className={classes.sum}>{content}</strong> : content;
}

const nameOf = (line: AgeingLine) => inLine(line, line.contact?.name ?? 'All customers');

export const AGEING_COLUMNS: readonly Column<AgeingLine>[] = [
  { id: 'contact', header: 'Customer', width: 'minmax(104px, 2fr)', render: nameOf },
  ...AGES.map(
    ({ key, label }): Column<AgeingLine> => ({
      id: key,
      header: label,
      width: WIDTH,
      align: 'right',
      render: (line) => <Amount line={line} of={`${key}_minor`} />,
    }),
  ),
  {
    id: 'open',
    header: 'Total',
    width: WIDTH,
    align: 'right',
    render: (line) => <Amount line={line} of="open_minor" />,
  },
  {
    id: 'on_account',
    header: 'On account',
    width: WIDTH,
    align: 'right',
    minTableWidth: 720,
    render: (line) => <Amount line={line} of="on_account_minor" />,
  },
];

/** The same on a phone: what is open, and below it each part that has something, the oldest last. */
export function ageingPhoneRow(line: AgeingLine): PhoneRow {
  const overdueMinor = line.open_minor - line.not_due_minor;
  const oldest = AGES.findLast(({ key }) => line[`${key}_minor`] !== 0);
  const money = (amountMinor: number) => <MoneyText amountMinor={amountMinor} currency={line.currency} />;
  return {
    title: nameOf(line),
    value: inLine(line, money(line.open_minor)),
    detail:
      overdueMinor !== 0 ? (
        <>
          {money(overdueMinor)} overdue, {oldest?.label.toLocaleLowerCase()}
        </>
      ) : line.open_minor !== 0 ? (
        'Not yet due'
      ) : null,
    valueDetail: line.on_account_minor !== 0 && <>{money(line.on_account_minor)} on account</>,
  };
}
