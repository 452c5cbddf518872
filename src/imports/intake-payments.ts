import { exponentOf, isCurrency } from '../foundation/currency.ts';
import { AMOUNT_MINOR_MAX, parseExactDecimal, scaleMinor } from '../foundation/money.ts';
import type { MethodKind } from '../payments/attempt.ts';
import type { CsvRow } from './csv-rows.ts';
import { makeLineGroups } from './group-lines.ts';
import { type ReasonCode, VALUE_DECIMALS } from './import.ts';
import {
  BARE_CONTACT,
  CellReader,
  DESCRIPTION_LENGTH_MAX,
  type Intake,
  type IntakeContext,
  NAME_LENGTH_MAX,
  namelessCustomer,
  type StagedContact,
  type StagedPayment,
  shortHash,
} from './intake.ts';
import type { ExactValue } from './tally.ts';

interface PaymentGroup {
  readonly payment: StagedPayment;
  /** Lines that say exactly this; more than one only where there is no reference of its own. */
  copies: number;
  /** Told by a reference of its own, so that it can be there only once. */
  readonly referenced: boolean;
}

/** What files call a payment that went through. Anything else is left out and said. */
const SETTLED = new Set([
  '',
  'succeeded',
  'success',
  'successful',
  'settled',
  'paid',
  'complete',
  'completed',
  'captured',
  'ok',
  'refunded',
  'partially_refunded',
]);
const REFUND_WORDS = /^(refund(ed)?|credit(_?note)?|reversal|return)$/i;
const CHARGE_WORDS = /^(charge|payment|sale|receipt|invoice|capture|deposit)$/i;

const METHODS: readonly (readonly [RegExp, MethodKind])[] = [
  [/card|visa|master|amex|credit|debit card/i, 'card'],
  [/direct debit|bank.?debit|ach|sepa.*debit|bacs.*debit/i, 'bank_debit'],
  [/cash/i, 'cash'],
  [/che(que|ck)/i, 'cheque'],
  [/bank|transfer|wire|bacs|sepa|eft/i, 'bank_transfer'],
];

/**
 * One movement per line. A line without a reference of its own is known again by a hash of what it says; two alike in
 * one file are two payments (the same coffee twice on one day happens).
 */
export function takePayments(context: IntakeContext): Intake {
  const { settings, tally } = context;
  const cells = new CellReader(context);
  const payments = makeLineGroups<PaymentGroup>(context.folder, 'payments', (earlier, later) => {
    if (earlier.referenced) refuseAgain(earlier.payment, later.payment.line, exactValueOf(later.payment));
    else earlier.copies += later.copies;
    return earlier;
  });
  const customers = makeLineGroups<StagedContact>(context.folder, 'customers', (_earlier, later) => later);

  const refuse = (row: CsvRow, field: string, reason: ReasonCode, message: string, value: ExactValue | null) =>
    tally.drop(
      'refused',
      { line: row.line, column: cells.nameOf(field), reason, message, value: cells.raw(row, field) },
      value,
    );

  /** Told at once and not kept: a file in which one reference stands a million times takes no more memory than one. */
  const refuseAgain = (first: StagedPayment, line: number, value: ExactValue) => {
    const message = `The reference of line ${first.line} again.`;
    const about = { line, column: cells.nameOf('external_ref'), message, value: first.ref };
    tally.drop('refused', { ...about, reason: 'duplicate_in_file' }, value);
  };

  return {
    take(row) {
      if (!cells.accept(row)) return;
      const currency = (cells.raw(row, 'currency').trim() || settings.currency).toUpperCase();
      if (!isCurrency(currency)) return refuse(row, 'currency', 'value_wrong', 'Not a currency known here.', null);
      const exponent = exponentOf(currency);
      const amount = parseExactDecimal(cells.raw(row, 'amount'), exponent, settings.decimalMark);
      if (!amount.ok) return refuse(row, 'amount', 'value_wrong', amount.reason, null);
      const kindText = cells.raw(row, 'kind').trim();
      const isRefund = REFUND_WORDS.test(kindText) || (!CHARGE_WORDS.test(kindText) && amount.scaled < 0n);
      const amountMinor = amount.scaled < 0n ? -amount.scaled : amount.scaled;
      const kind = isRefund ? 'refund' : 'charge';
      const value = exactValueOf({ kind, amountMinor, currency });
      tally.addSource(value);
      if (!isRefund && amount.scaled < 0n)
        return refuse(row, 'amount', 'value_wrong', 'A charge of less than nothing.', value);
      if (amountMinor > AMOUNT_MINOR_MAX)
        return refuse(row, 'amount', 'amount_too_large', 'Larger than this program accepts.', value);

      const status = cells.raw(row, 'status').trim().toLowerCase();
      if (!SETTLED.has(status)) {
        return tally.drop(
          'left_out',
          { line: row.line, column: cells.nameOf('status'), reason: 'payment_not_settled', value: status },
          value,
        );
      }
      const at = cells.readDate(cells.raw(row, 'date'));
      if (at === null) return refuse(row, 'date', 'value_wrong', 'A date that can be read is needed.', value);
      const taxText = cells.raw(row, 'tax');
      const tax =
        taxText === '' ? { ok: true as const, scaled: 0n } : parseExactDecimal(taxText, exponent, settings.decimalMark);
      if (!tax.ok) return refuse(row, 'tax', 'value_wrong', tax.reason, value);
      const taxMinor = tax.scaled < 0n ? -tax.scaled : tax.scaled;
      if (taxMinor > amountMinor) return refuse(row, 'tax', 'value_wrong', 'The tax is more than the amount.', value);

      const email = cells.email(row, 'customer_email');
      const customerRef = cells.ref(row, 'customer_ref') || email;
      if (!customerRef) {
        return tally.drop(
          'left_out',
          { line: row.line, column: cells.nameOf('customer_ref'), reason: 'customer_unknown' },
          value,
        );
      }
      const name = cells.text(row, 'customer_name', NAME_LENGTH_MAX) || email || namelessCustomer(customerRef);
      const known = customers.get(customerRef);
      if (!known || known.name === namelessCustomer(customerRef)) {
        customers.set(customerRef, {
          ...BARE_CONTACT,
          ref: customerRef,
          name,
          email,
          currency,
          line: row.line,
        });
      }
      if (amountMinor === 0n) {
        tally.zeroValue += 1;
        tally.use(1, value);
        return tally.note({ line: row.line, column: cells.nameOf('amount'), reason: 'zero_value' }, value);
      }
      const ownRef = cells.ref(row, 'external_ref');
      const ref =
        ownRef ||
        `line ${shortHash([customerRef, kind, amountMinor, currency, at.toISOString(), ...row.cells].join('\u0000'), 24)}`;
      const parentRef = cells.ref(row, 'parent_ref');
      const earlier = payments.get(ref);
      if (earlier) {
        if (earlier.referenced) refuseAgain(earlier.payment, row.line, value);
        else earlier.copies += 1;
        return;
      }
      const payment: StagedPayment = {
        ref,
        customerRef,
        kind,
        amountMinor,
        currency,
        taxMinor,
        occurredAtMs: at.getTime(),
        methodKind: methodOf(cells.raw(row, 'method')),
        reference: cells.text(row, 'reference', 100) || null,
        description: cells.text(row, 'description', DESCRIPTION_LENGTH_MAX),
        parentRef: isRefund && parentRef !== '' ? parentRef : null,
        line: row.line,
      };
      payments.set(ref, { payment, copies: 1, referenced: ownRef !== '' });
    },
    async relieve() {
      await payments.relieve();
      await customers.relieve();
    },
    async finish(stage) {
      for await (const customer of customers.drain(stage.relieve)) await stage.contacts.write(customer);
      for await (const { payment, copies } of payments.drain(stage.relieve)) {
        const rows = stage[payment.kind === 'charge' ? 'charges' : 'refunds'];
        for (let copy = 1; copy <= copies; copy += 1) {
          tally.use(1, exactValueOf(payment));
          tally.addMovement(payment.kind, payment.currency, payment.amountMinor);
          await rows.write(copy === 1 ? payment : { ...payment, ref: `${payment.ref} ${copy}` });
        }
        await stage.relieve();
      }
    },
  };
}

function exactValueOf({
  kind,
  amountMinor,
  currency,
}: Pick<StagedPayment, 'kind' | 'amountMinor' | 'currency'>): ExactValue {
  const exact = scaleMinor(amountMinor, VALUE_DECIMALS, currency);
  return { currency, exact: kind === 'charge' ? exact : -exact };
}

function methodOf(cell: string): MethodKind {
  return METHODS.find(([pattern]) => pattern.test(cell))?.[1] ?? 'other';
}
