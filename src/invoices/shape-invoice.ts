import { toPublicId } from '../foundation/id.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { exactDecimalText, minorToJson } from '../foundation/money.ts';
import type { Invoice, InvoicePreview, InvoiceRowAnswer } from './api.ts';
import { dueDatesOf } from './due-dates.ts';
import { type InvoiceRow, type KeptContent, overdueOfRow, type Surroundings, statusOf } from './invoice.ts';
import { type InvoiceAmounts, PERCENT_DECIMALS, type TaxAmount } from './invoice-amounts.ts';
import { amountsOf } from './invoice-content.ts';
import { type BusinessCalendar, NO_CLOSED_DAYS } from './terms.ts';

/** What is shown of a document besides its row. */
export interface ShapeFacts extends Surroundings {
  readonly contactName: string;
  readonly test: boolean;
  readonly today: LocalDate;
}

/** A row as lists show it. */
export function shapeInvoiceRow(row: InvoiceRow, facts: ShapeFacts): InvoiceRowAnswer {
  const { overdueMinor, overdueSince } = overdueOfRow(row, facts.today);
  return {
    id: toPublicId('invoice', row.id),
    kind: row.kind,
    number: row.number,
    status: statusOf(row, facts, facts.today),
    contact: { id: toPublicId('contact', row.contact_id), name: facts.contactName },
    currency: row.currency,
    total_minor: minorToJson(row.total_minor),
    open_minor: minorToJson(row.open_minor),
    paid_minor: minorToJson(row.paid_minor),
    overdue_minor: minorToJson(overdueMinor),
    overdue_since: overdueSince,
    issued_on: row.issued_on,
    due_on: row.due_on,
    next_due_on: row.next_due_on,
    reference: row.reference,
    sent_at: row.sent_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    test: facts.test,
    version: row.version,
  };
}

export interface Related {
  readonly madeFrom: Pick<InvoiceRow, 'id' | 'number'> | null;
  readonly replaces: Pick<InvoiceRow, 'id' | 'number'> | null;
  readonly following: readonly Pick<InvoiceRow, 'id' | 'kind' | 'number'>[];
}

const reference = (row: Pick<InvoiceRow, 'id' | 'number'> | null) =>
  row && { id: toPublicId('invoice', row.id), number: row.number };

/** A document with everything in it. A draft shows the due dates that issuing it today would give. */
export function shapeInvoice(row: InvoiceRow, facts: ShapeFacts, related: Related): Invoice {
  const amounts = amountsOf(row.content, row.currency);
  const { content } = row;
  const planned =
    row.instalments === null && row.kind === 'invoice'
      ? dueDatesOf(
          { terms: content.terms.terms, deposit: content.deposit },
          content.issue_on ?? facts.today,
          row.total_minor,
          NO_CLOSED_DAYS,
        )
      : null;
  const early = planned
    ? planned.earlyDiscount && {
        untilOn: planned.earlyDiscount.untilOn,
        amountMinor: planned.earlyDiscount.amountMinor,
      }
    : row.early_until === null
      ? null
      : { untilOn: row.early_until, amountMinor: row.early_discount_minor };
  return {
    ...shapeInvoiceRow(row, facts),
    lines: content.lines.map((line, index) => ({
      product_id: line.product_id,
      name: line.name,
      description: line.description,
      quantity: line.quantity,
      unit: line.unit,
      unit_code: line.unit_code,
      unit_price: line.unit_price,
      discount: line.discount,
      taxes: line.taxes.map((tax) => tax.code),
      gross_minor: minorToJson(amounts.lines[index]!.grossMinor),
      discount_minor: minorToJson(amounts.lines[index]!.discountMinor),
      net_minor: minorToJson(amounts.lines[index]!.netMinor),
    })),
    discount: content.discount,
    net_minor: minorToJson(amounts.netMinor),
    document_discount_minor: minorToJson(amounts.documentDiscountMinor),
    taxes: amounts.taxes.map(shapeTax),
    tax_minor: minorToJson(amounts.taxMinor),
    credited_minor: minorToJson(row.credited_minor),
    discounted_minor: minorToJson(row.discounted_minor),
    written_off_minor: minorToJson(row.written_off_minor),
    late_fee_minor: minorToJson(row.late_fee_minor),
    instalments: planned
      ? planned.instalments.map(({ dueOn, amountMinor }) => ({ due_on: dueOn, amount_minor: minorToJson(amountMinor) }))
      : [...(row.instalments ?? [])],
    early_discount: early && { until_on: early.untilOn, amount_minor: minorToJson(early.amountMinor) },
    terms: content.terms,
    deposit: content.deposit,
    notes: content.notes,
    period: content.period,
    issue_on: row.issued_at === null ? content.issue_on : null,
    valid_until: row.valid_until,
    auto_charge: row.auto_charge,
    voided_at: row.voided_at?.toISOString() ?? null,
    void_reason: row.void_reason,
    disputed_at: row.disputed_at?.toISOString() ?? null,
    dispute_words: row.dispute_words,
    promised_on: row.promised_on,
    opened_at: row.opened_at?.toISOString() ?? null,
    accepted_at: row.accepted_at?.toISOString() ?? null,
    accepted_by: row.accepted_by,
    declined_at: row.declined_at?.toISOString() ?? null,
    made_from: reference(related.madeFrom),
    replaces: reference(related.replaces),
    followed_by: related.following.map(({ id, kind, number }) => ({ id: toPublicId('invoice', id), kind, number })),
    recurring_id: row.recurring_id === null ? null : toPublicId('recurring', row.recurring_id),
    settled_on: row.settled_on,
    issued_at: row.issued_at?.toISOString() ?? null,
    created_by: row.created_by,
  };
}

/** What a document would come to, were it issued now. */
export function previewOf(
  written: { readonly currency: string; readonly content: KeptContent; readonly amounts: InvoiceAmounts },
  calendar: BusinessCalendar,
  today: LocalDate,
): InvoicePreview {
  const { amounts, content } = written;
  const schedule = dueDatesOf(
    { terms: content.terms.terms, deposit: content.deposit },
    content.issue_on ?? today,
    amounts.totalMinor,
    calendar,
  );
  return {
    currency: written.currency,
    lines: amounts.lines.map((line) => ({
      gross_minor: minorToJson(line.grossMinor),
      discount_minor: minorToJson(line.discountMinor),
      net_minor: minorToJson(line.netMinor),
    })),
    net_minor: minorToJson(amounts.netMinor),
    document_discount_minor: minorToJson(amounts.documentDiscountMinor),
    taxes: amounts.taxes.map(shapeTax),
    tax_minor: minorToJson(amounts.taxMinor),
    total_minor: minorToJson(amounts.totalMinor),
    instalments: schedule.instalments.map(({ dueOn, amountMinor }) => ({
      due_on: dueOn,
      amount_minor: minorToJson(amountMinor),
    })),
    early_discount: schedule.earlyDiscount && {
      until_on: schedule.earlyDiscount.untilOn,
      amount_minor: minorToJson(schedule.earlyDiscount.amountMinor),
    },
  };
}

function shapeTax(tax: TaxAmount) {
  return {
    code: tax.code,
    label: tax.label,
    rate: exactDecimalText(tax.rate, PERCENT_DECIMALS),
    inclusive: tax.inclusive,
    category: tax.category,
    base_minor: minorToJson(tax.baseMinor),
    tax_minor: minorToJson(tax.taxMinor),
  };
}
