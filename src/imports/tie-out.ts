import { formatMinor } from '../foundation/money.ts';
import type { ImportSummaryJson } from './api.ts';

/**
 * The tie-out in words, a line each: what the file holds on one side, what becomes of it on the other. `locale` for the
 * numbers; exact sums stay decimal text, because they may have more decimals than their currency.
 */
export function tieOutLines(summary: ImportSummaryJson, locale = 'en-US'): string[] {
  const number = new Intl.NumberFormat(locale);
  const { lines, contacts, companies, payments, documents, written, taken_back: takenBack } = summary;
  const said = [
    `Lines read ${number.format(lines.read)} = used ${number.format(lines.used)} + left out ${number.format(lines.left_out)} + refused ${number.format(lines.refused)}`,
  ];
  for (const money of summary.money) {
    const amount = (minor: number) => formatMinor(minor, money.currency, locale);
    said.push(
      `${money.currency}: charges ${amount(money.charges_minor)} (${number.format(money.charge_count)}) − refunds ${amount(money.credits_minor)} (${number.format(money.credit_count)}) = net ${amount(money.net_minor)}`,
      `${money.currency}: source ${money.source} = net − rounding ${money.rounding} + left out ${money.left_out} + refused ${money.refused}: ${money.ties ? 'ties' : 'DOES NOT TIE'}`,
    );
  }
  said.push(
    `Contacts ${number.format(contacts.in_file)}, of which already there ${number.format(contacts.already_there)}`,
    ...(companies.in_file > 0
      ? [
          `Companies ${number.format(companies.in_file)}, of which already there ${number.format(companies.already_there)}, to be made ${number.format(companies.to_add)}`,
        ]
      : []),
    `Payments ${number.format(payments.in_file)}, of which already there ${number.format(payments.already_there)}; worth nothing ${number.format(payments.zero_value)}`,
  );
  if (documents) {
    said.push(
      `Invoices ${number.format(documents.invoices)} and credit notes ${number.format(documents.credit_notes)} with ${number.format(documents.lines)} lines, of which already there ${number.format(documents.already_there)}; credit notes that name their invoice ${number.format(documents.about_sales)}, standing alone ${number.format(documents.credit_notes - documents.about_sales)}`,
    );
  }
  for (const reason of summary.reasons) {
    const values = Object.entries(reason.values).map(([currency, value]) => `${value} ${currency}`);
    const worth = values.length > 0 ? `, worth ${values.join(' and ')}` : '';
    said.push(`${SEVERITY_WORDS[reason.severity]}: ${number.format(reason.lines)} × ${reason.title}${worth}`);
  }
  if (written) {
    said.push(
      `Written: ${number.format(written.contacts)} contacts, ${number.format(written.companies)} companies, ${number.format(written.payments)} payments, ${number.format(written.documents)} invoices and credit notes; ${number.format(written.already_there)} were there`,
    );
  }
  if (takenBack) {
    said.push(
      `Taken back: ${number.format(takenBack.contacts)} contacts (${number.format(takenBack.contacts_kept)} kept), ${number.format(takenBack.companies)} companies (${number.format(takenBack.companies_kept)} kept), ${number.format(takenBack.payments)} payments (${number.format(takenBack.payments_kept)} kept), ${number.format(takenBack.documents)} invoices and credit notes (${number.format(takenBack.documents_kept)} kept)`,
    );
  }
  return said;
}

const SEVERITY_WORDS = { refused: 'Refused', left_out: 'Left out', note: 'Note' } as const;
