import { AMOUNT_MINOR_MAX, exactDecimalText, parseExactDecimal, roundToMinor } from '../foundation/money.ts';
import { detached } from './cell.ts';
import { countryCodeOf } from './country.ts';
import type { CsvRow } from './csv-rows.ts';
import { makeLineGroups } from './group-lines.ts';
import { PRICE_DECIMALS, type ReasonCode, VALUE_DECIMALS } from './import.ts';
import {
  BARE_CONTACT,
  CellReader,
  type Intake,
  type IntakeContext,
  NAME_LENGTH_MAX,
  namelessCustomer,
  type Stage,
} from './intake.ts';
import { stageDocuments } from './intake-documents.ts';
import { DOCUMENT_LINES_MAX, type SoldLine } from './sales-document.ts';
import type { ExactValue } from './tally.ts';

/** A line sold with its name takes about a fifth of what a group takes. */
const SOLD_PER_WEIGHT = 3;

/** An invoice while its lines are being added up. */
export interface InvoiceGroup {
  readonly no: string;
  customerRef: string;
  /** Sum of quantity × price, exact at VALUE_DECIMALS places. */
  exact: bigint;
  lines: number;
  /** Lines that could not be read: one is enough to refuse the whole invoice. */
  refused: number;
  twoCustomers: boolean;
  /** The earliest moment on any line. */
  atMs: number;
  line: number;
  /** What was sold, where the lines become documents; no more of it than a document may have lines. */
  sold: SoldLine[];
  /** The latest due date on any line; null where none says. */
  dueAtMs: number | null;
}

interface CustomerGroup {
  readonly ref: string;
  name: string;
  nameAtMs: number;
  country: string;
  countryAtMs: number;
  otherCountry: string;
  line: number;
}

/**
 * Lines of invoices: quantity × price added up exactly, each invoice rounded once, half away from zero. What comes to
 * more than zero is a charge, to less a refund that stands alone (files do not say which sale is returned); where lines become
 * documents, they are invoices and credit notes of the same amounts (intake-documents.ts). Lines
 * without a customer are left out with their value; an invoice with one unreadable line is refused as a whole, because
 * the rest of it would be a wrong amount.
 */
export function takeSalesLines(context: IntakeContext): Intake {
  const { settings, tally } = context;
  const { currency, decimalMark } = settings;
  const cells = new CellReader(context);
  const salesAs = settings.salesAs ?? 'payments';
  const documents = salesAs === 'payments' ? null : stageDocuments(context, cells, salesAs === 'invoices_paid');
  const invoices = makeLineGroups<InvoiceGroup>(context.folder, 'invoices', mergeInvoices, {
    weightOf: ({ sold }) => 1 + sold.length / SOLD_PER_WEIGHT,
  });
  const customers = makeLineGroups<CustomerGroup>(context.folder, 'customers', mergeCustomers);
  const exactValue = (exact: bigint): ExactValue => ({ currency, exact });

  function refuse(row: CsvRow, field: string, reason: ReasonCode, message: string, value: ExactValue | null) {
    tally.drop(
      'refused',
      { line: row.line, column: cells.nameOf(field), reason, message, value: cells.raw(row, field) },
      value,
    );
    spoil(row);
  }

  /** One line that cannot be read makes its invoice's amount wrong, so the invoice is refused with it. */
  function spoil(row: CsvRow) {
    const no = cells.ref(row, 'invoice_no');
    if (no === '') return;
    const invoice = invoices.get(no);
    if (invoice) invoice.refused += 1;
    else {
      const nothing = {
        customerRef: '',
        exact: 0n,
        lines: 0,
        twoCustomers: false,
        atMs: Number.MAX_SAFE_INTEGER,
        sold: [],
        dueAtMs: null,
      };
      invoices.set(no, { ...nothing, no, refused: 1, line: row.line });
    }
  }

  return {
    take(row) {
      if (!cells.accept(row)) return spoil(row);
      const quantity = parseExactDecimal(cells.raw(row, 'quantity'), PRICE_DECIMALS, decimalMark);
      if (!quantity.ok) return refuse(row, 'quantity', 'value_wrong', quantity.reason, null);
      const price = parseExactDecimal(cells.raw(row, 'unit_price'), PRICE_DECIMALS, decimalMark);
      if (!price.ok) return refuse(row, 'unit_price', 'value_wrong', price.reason, null);
      const exact = quantity.scaled * price.scaled;
      tally.addSource(exactValue(exact));

      const no = cells.ref(row, 'invoice_no');
      if (no === '')
        return refuse(row, 'invoice_no', 'value_missing', 'An invoice number is needed.', exactValue(exact));
      const customerRef = cells.ref(row, 'customer_ref');
      if (customerRef === '') {
        const reason = /^a\d/i.test(no) ? 'adjustment' : 'customer_unknown';
        return tally.drop(
          'left_out',
          { line: row.line, column: cells.nameOf('customer_ref'), reason, value: no },
          exactValue(exact),
        );
      }
      const at = cells.readDate(cells.raw(row, 'date'));
      if (at === null)
        return refuse(row, 'date', 'value_wrong', 'A date that can be read is needed.', exactValue(exact));

      const atMs = at.getTime();
      const sold = documents?.lineOf(row, quantity.scaled, price.scaled);
      const dueAtMs = documents?.dueOf(row) ?? null;
      const invoice = invoices.get(no);
      if (!invoice) {
        invoices.set(no, {
          ...{ no, customerRef, exact, lines: 1, refused: 0, twoCustomers: false, atMs, line: row.line, dueAtMs },
          sold: sold ? [sold] : [],
        });
      } else {
        if (sold && invoice.sold.length <= DOCUMENT_LINES_MAX) invoice.sold.push(sold);
        invoice.dueAtMs = latest(invoice.dueAtMs, dueAtMs);
        if (invoice.customerRef === '') invoice.customerRef = customerRef;
        else if (invoice.customerRef !== customerRef) invoice.twoCustomers = true;
        invoice.exact += exact;
        invoice.lines += 1;
        if (atMs < invoice.atMs) invoice.atMs = atMs;
      }
      noteCustomer(row, customerRef, atMs);
    },
    async relieve() {
      await invoices.relieve();
      await customers.relieve();
      await documents?.relieve();
    },
    async finish(stage) {
      for await (const customer of customers.drain(stage.relieve)) {
        await stageCustomer(stage, customer);
        await stage.relieve();
      }
      for await (const invoice of invoices.drain(stage.relieve)) {
        await stageInvoice(stage, invoice);
        await stage.relieve();
        await documents?.relieve();
      }
      await documents?.finish(stage);
    },
  };

  function noteCustomer(row: CsvRow, ref: string, atMs: number) {
    const name = cells.columnOf('customer_name') === undefined ? '' : cells.text(row, 'customer_name', NAME_LENGTH_MAX);
    const country = cells.raw(row, 'country');
    const customer = customers.get(ref);
    if (!customer) {
      customers.set(ref, {
        ref,
        name,
        nameAtMs: atMs,
        country: detached(country),
        countryAtMs: atMs,
        otherCountry: '',
        line: row.line,
      });
      return;
    }
    if (name !== '' && (customer.name === '' || atMs >= customer.nameAtMs)) {
      customer.name = name;
      customer.nameAtMs = atMs;
    }
    if (country === '' || country === customer.country) {
      if (country !== '' && atMs > customer.countryAtMs) customer.countryAtMs = atMs;
      return;
    }
    if (customer.country !== '') customer.otherCountry = atMs >= customer.countryAtMs ? customer.country : country;
    if (atMs >= customer.countryAtMs || customer.country === '') {
      customer.country = detached(country);
      customer.countryAtMs = atMs;
    }
  }

  async function stageCustomer(stage: Stage, { ref, name, country, otherCountry, line }: CustomerGroup) {
    const code = countryCodeOf(country);
    if (!code && country !== '') cells.noteCountry(line, country);
    if (otherCountry !== '') {
      tally.note({
        line,
        column: cells.nameOf('customer_ref'),
        reason: 'two_countries',
        message: `Customer ${ref}: ${country} (latest, kept) and ${otherCountry}.`,
        value: ref,
      });
    }
    await stage.contacts.write({
      ...BARE_CONTACT,
      ref,
      name: name || namelessCustomer(ref),
      country: code ?? null,
      currency,
      line,
    });
  }

  async function stageInvoice(stage: Stage, invoice: InvoiceGroup) {
    const { no, line, lines, exact } = invoice;
    const value = exactValue(exact);
    const about = { line, column: cells.nameOf('invoice_no'), value: no };
    if (invoice.refused > 0 || invoice.twoCustomers) {
      if (lines > 0)
        tally.drop(
          'refused',
          { ...about, reason: invoice.refused > 0 ? 'invoice_incomplete' : 'invoice_of_two' },
          value,
          lines,
        );
      return;
    }
    const rounded = roundToMinor(exact, VALUE_DECIMALS, currency);
    const amountMinor = rounded < 0n ? -rounded : rounded;
    if (amountMinor > AMOUNT_MINOR_MAX) {
      tally.drop('refused', { ...about, reason: 'amount_too_large' }, value, lines);
      return;
    }
    if (documents) return documents.add(stage, invoice, value);
    tally.use(lines, value);
    if (amountMinor === 0n) {
      tally.zeroValue += 1;
      tally.note(
        {
          ...about,
          reason: 'zero_value',
          message: `Invoice ${no} comes to ${exactDecimalText(exact, VALUE_DECIMALS)}: no payment is made.`,
        },
        value,
      );
      return;
    }
    const kind = rounded > 0n ? 'charge' : 'refund';
    const cancelled = /^c\d/i.test(no);
    if (cancelled !== (kind === 'refund')) tally.note({ ...about, reason: 'sign_mixed' }, value);
    tally.addMovement(kind, currency, amountMinor);
    await (kind === 'charge' ? stage.charges : stage.refunds).write({
      ref: `invoice ${no}`,
      customerRef: invoice.customerRef,
      kind,
      amountMinor,
      currency,
      taxMinor: 0n,
      occurredAtMs: invoice.atMs,
      methodKind: 'other',
      reference: no,
      description: kind === 'charge' ? `Invoice ${no}` : `Credit ${no}`,
      parentRef: null,
      line,
    });
  }
}

function mergeInvoices(earlier: InvoiceGroup, later: InvoiceGroup): InvoiceGroup {
  const refs = new Set([earlier.customerRef, later.customerRef].filter((ref) => ref !== ''));
  return {
    no: earlier.no,
    customerRef: earlier.customerRef || later.customerRef,
    exact: earlier.exact + later.exact,
    lines: earlier.lines + later.lines,
    refused: earlier.refused + later.refused,
    twoCustomers: earlier.twoCustomers || later.twoCustomers || refs.size > 1,
    atMs: Math.min(earlier.atMs, later.atMs),
    line: Math.min(earlier.line, later.line),
    sold: [...earlier.sold, ...later.sold].slice(0, DOCUMENT_LINES_MAX + 1),
    dueAtMs: latest(earlier.dueAtMs, later.dueAtMs),
  };
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}

function mergeCustomers(earlier: CustomerGroup, later: CustomerGroup): CustomerGroup {
  const latest =
    later.country !== '' && later.countryAtMs >= earlier.countryAtMs ? later : earlier.country !== '' ? earlier : later;
  const other = latest === later ? earlier : later;
  const named = later.name !== '' && (earlier.name === '' || later.nameAtMs >= earlier.nameAtMs) ? later : earlier;
  const differs = other.country !== '' && other.country !== latest.country;
  return {
    ref: earlier.ref,
    name: named.name,
    nameAtMs: named.nameAtMs,
    country: latest.country,
    countryAtMs: latest.countryAtMs,
    otherCountry: latest.otherCountry || (differs ? other.country : other.otherCountry),
    line: Math.min(earlier.line, later.line),
  };
}
