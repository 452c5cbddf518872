import type { Contact } from '../contacts/api.ts';
import type { LocalDate } from '../foundation/local-date.ts';
import { minorToJson } from '../foundation/money.ts';
import type { WorkspaceFacts } from '../workspace/caller.ts';
import type { DocumentKind, InvoiceRow } from './invoice.ts';
import type { InvoiceAmounts } from './invoice-amounts.ts';
import type { WrittenLine } from './invoice-content.ts';
import type { Schedule } from './terms.ts';
import { termsWords } from './written-terms.ts';

/** Somebody on a document, as they were on its day. Parts that are not known are empty. */
export interface Party {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly region: string;
  readonly postal_code: string;
  /** ISO 3166-1 alpha-2, or empty. */
  readonly country: string;
  readonly tax_id: string;
  readonly email: string;
  /** Where e-invoices go, with its scheme (EAS code), e.g. 0088. */
  readonly endpoint: string;
  readonly endpoint_scheme: string;
  readonly registration: string;
}

/**
 * A document as it was issued: PDF, e-invoice, pay page and ledger are made from this alone, so that the same document
 * gives the same bytes for ever. Amounts in minor units.
 */
export interface InvoiceSnapshot {
  readonly test: boolean;
  readonly kind: DocumentKind;
  readonly number: string;
  readonly issued_on: LocalDate;
  readonly due_on: LocalDate | null;
  readonly locale: string;
  readonly currency: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly reference: string;
  /** The invoice that a credit note is about. */
  readonly about: { readonly number: string; readonly issued_on: LocalDate } | null;
  readonly period: { readonly from: LocalDate; readonly until: LocalDate } | null;
  readonly valid_until: LocalDate | null;
  readonly lines: readonly (WrittenLine & {
    readonly gross_minor: number;
    readonly discount_minor: number;
    readonly net_minor: number;
    readonly document_discount_minor: number;
    readonly taxable_minor: number;
  })[];
  readonly net_minor: number;
  readonly document_discount_minor: number;
  readonly taxes: readonly {
    readonly code: string;
    readonly label: string;
    /** Per cent with four decimals. */
    readonly rate: number;
    readonly category: string;
    readonly inclusive: boolean;
    readonly exemption_reason: string;
    readonly base_minor: number;
    readonly tax_minor: number;
  }[];
  readonly tax_minor: number;
  readonly total_minor: number;
  readonly instalments: readonly { readonly due_on: LocalDate; readonly amount_minor: number }[];
  readonly early_discount: { readonly until_on: LocalDate; readonly amount_minor: number } | null;
  readonly terms_words: string;
  readonly late_fee_text: string;
  readonly notes: string;
  readonly footer: string;
  readonly colour: string;
  readonly payment_details: Readonly<Record<string, string>>;
}

export interface SnapshotFacts {
  readonly draft: Pick<InvoiceRow, 'kind' | 'currency' | 'content' | 'reference' | 'valid_until'>;
  readonly amounts: InvoiceAmounts;
  readonly schedule: Schedule;
  readonly number: string;
  readonly issuedOn: LocalDate;
  readonly about: { readonly number: string; readonly issued_on: LocalDate } | null;
  readonly workspace: WorkspaceFacts;
  readonly buyer: Contact;
  readonly seller: Readonly<Record<string, string>>;
  readonly settings: {
    readonly colour: string;
    readonly footer: string;
    readonly payment_details: Readonly<Record<string, string>>;
  };
}

export function snapshotOf(facts: SnapshotFacts): InvoiceSnapshot {
  const { draft, amounts, schedule, workspace } = facts;
  const { content } = draft;
  const reasons = new Map(
    content.lines.flatMap((line) => line.taxes.map((tax) => [tax.code, tax.exemption_reason ?? ''] as const)),
  );
  const instalments = schedule.instalments.map(({ dueOn, amountMinor }) => ({
    due_on: dueOn,
    amount_minor: minorToJson(amountMinor),
  }));
  const asks = draft.kind === 'invoice';
  const locale = facts.buyer.locale ?? workspace.locale;
  return {
    test: workspace.mode === 'sandbox',
    kind: draft.kind,
    number: facts.number,
    issued_on: facts.issuedOn,
    due_on: asks ? (instalments.at(-1)?.due_on ?? null) : null,
    locale,
    currency: draft.currency,
    ...partiesOf(workspace, facts.buyer, facts.seller),
    reference: draft.reference ?? '',
    about: facts.about,
    period: content.period,
    valid_until: draft.valid_until,
    lines: content.lines.map((line, index) => {
      const of = amounts.lines[index]!;
      return {
        ...line,
        gross_minor: minorToJson(of.grossMinor),
        discount_minor: minorToJson(of.discountMinor),
        net_minor: minorToJson(of.netMinor),
        document_discount_minor: minorToJson(of.documentDiscountMinor),
        taxable_minor: minorToJson(of.taxableMinor),
      };
    }),
    net_minor: minorToJson(amounts.netMinor),
    document_discount_minor: minorToJson(amounts.documentDiscountMinor),
    taxes: amounts.taxes.map((tax) => ({
      code: tax.code,
      label: tax.label,
      rate: Number(tax.rate),
      category: tax.category,
      inclusive: tax.inclusive,
      exemption_reason: reasons.get(tax.code) ?? '',
      base_minor: minorToJson(tax.baseMinor),
      tax_minor: minorToJson(tax.taxMinor),
    })),
    tax_minor: minorToJson(amounts.taxMinor),
    total_minor: minorToJson(amounts.totalMinor),
    instalments: asks ? instalments : [],
    early_discount:
      asks && schedule.earlyDiscount
        ? { until_on: schedule.earlyDiscount.untilOn, amount_minor: minorToJson(schedule.earlyDiscount.amountMinor) }
        : null,
    terms_words: asks ? termsWords(content.terms.terms, locale, content.deposit !== null) : '',
    late_fee_text: asks ? content.terms.late_fee_text : '',
    notes: content.notes,
    footer: facts.settings.footer,
    colour: facts.settings.colour,
    payment_details: facts.settings.payment_details,
  };
}

/** Business and customer as they are on paper of today. `seller` are the parts that were set for invoices. */
export function partiesOf(
  workspace: WorkspaceFacts,
  buyer: Contact,
  seller: Readonly<Record<string, string>>,
): { readonly seller: Party; readonly buyer: Party } {
  return { seller: sellerOf(workspace, seller), buyer: buyerOf(buyer) };
}

const NOBODY: Party = {
  name: '',
  line1: '',
  line2: '',
  city: '',
  region: '',
  postal_code: '',
  country: '',
  tax_id: '',
  email: '',
  endpoint: '',
  endpoint_scheme: '',
  registration: '',
};

/** The parts that were set for invoices; what was not, from the legal details that receipts print. */
function sellerOf({ legal, name }: WorkspaceFacts, seller: Readonly<Record<string, string>>): Party {
  const lines = (legal.address ?? '').split('\n').map((line) => line.trim());
  return {
    ...NOBODY,
    line1: lines[0] ?? '',
    line2: lines.slice(1).join(', '),
    tax_id: legal.tax_id ?? '',
    ...seller,
    name: seller.name || legal.name || name,
  };
}

function buyerOf(contact: Contact): Party {
  const { billing } = contact;
  return {
    ...NOBODY,
    name: contact.company?.name ?? contact.name,
    line1: billing.line1 ?? '',
    line2: billing.line2 ?? '',
    city: billing.city ?? '',
    region: billing.region ?? '',
    postal_code: billing.postal_code ?? '',
    country: contact.country ?? '',
    tax_id: billing.tax_id ?? '',
    email: contact.email ?? '',
  };
}
