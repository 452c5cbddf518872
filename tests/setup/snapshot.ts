import type { TermsBody } from '../../src/invoices/api.ts';
import { dueDatesOf } from '../../src/invoices/due-dates.ts';
import type { KeptContent } from '../../src/invoices/invoice.ts';
import {
  amountsOf,
  type WrittenDiscount,
  type WrittenLine,
  type WrittenTax,
} from '../../src/invoices/invoice-content.ts';
import { type InvoiceSnapshot, type SnapshotFacts, snapshotOf } from '../../src/invoices/invoice-snapshot.ts';
import { NO_CLOSED_DAYS } from '../../src/invoices/terms.ts';

export const VAT20: WrittenTax = {
  code: 'VAT20',
  label: 'VAT 20 %',
  rate: '20',
  inclusive: false,
  category: 'S',
  exemption_reason: null,
};

export function writtenLine(part: Partial<WrittenLine> = {}): WrittenLine {
  return {
    product_id: null,
    name: 'Consultation',
    description: '',
    quantity: '1',
    unit: '',
    unit_code: 'C62',
    unit_price: '100.00',
    discount: null,
    taxes: [VAT20],
    ...part,
  };
}

export interface SnapshotParts {
  readonly kind?: InvoiceSnapshot['kind'];
  readonly currency?: string;
  readonly locale?: string;
  readonly number?: string;
  readonly lines?: readonly WrittenLine[];
  readonly discount?: WrittenDiscount | null;
  readonly rounding?: 'document' | 'line';
  readonly terms?: TermsBody;
  readonly deposit?: WrittenDiscount | null;
  /** Over what the snapshot would be: parties, notes, footer … */
  readonly more?: Partial<InvoiceSnapshot>;
}

/** A snapshot as issuing makes it, of a business in Berlin and a customer in Lyon. */
export function testSnapshot(parts: SnapshotParts = {}): InvoiceSnapshot {
  const { kind = 'invoice', currency = 'EUR', locale = 'en-GB' } = parts;
  const terms = parts.terms ?? {
    due: { kind: 'net' as const, days: 14 },
    early_discount: null,
    shift: 'none' as const,
  };
  const content: KeptContent = {
    lines: parts.lines ?? [writtenLine()],
    discount: parts.discount ?? null,
    tax_rounding: parts.rounding ?? 'document',
    notes: '',
    period: null,
    terms: { name: '', terms, late_fee_text: '' },
    deposit: parts.deposit ?? null,
    issue_on: null,
  };
  const amounts = amountsOf(content, currency);
  const schedule = dueDatesOf({ terms, deposit: content.deposit }, '2026-03-02', amounts.totalMinor, NO_CLOSED_DAYS);
  const snapshot = snapshotOf({
    draft: { kind, currency, content, reference: 'PO 4711', valid_until: kind === 'quote' ? '2026-04-01' : null },
    amounts,
    schedule,
    number: parts.number ?? 'INV-2026-0001',
    issuedOn: '2026-03-02',
    about: kind === 'credit_note' ? { number: 'INV-2026-0000', issued_on: '2026-02-01' } : null,
    workspace: { mode: 'live', locale, legal: {}, name: 'Harbour Studio' } as unknown as SnapshotFacts['workspace'],
    buyer: {
      name: 'Émile Dupont',
      email: 'emile@example.com',
      locale,
      country: 'FR',
      company: { name: 'Dupont & Fils' },
      billing: {
        line1: '2 rue du Port',
        city: 'Lyon',
        postal_code: '69001',
        tax_id: 'FR83404833048',
      },
    } as unknown as SnapshotFacts['buyer'],
    seller: {
      name: 'Harbour Studio GmbH',
      line1: 'Am Kai 1',
      city: 'Berlin',
      postal_code: '10115',
      country: 'DE',
      tax_id: 'DE123456788',
      registration: 'HRB 1234',
      email: 'billing@harbour.example',
    },
    settings: {
      colour: '#0f766e',
      footer: 'Harbour Studio GmbH\nDirector: Ada Lovelace',
      payment_details: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', account_holder: 'Harbour Studio GmbH' },
    },
  });
  return { ...snapshot, ...parts.more };
}
