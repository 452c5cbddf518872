import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { minorToJson, parseDecimal } from '../src/foundation/money.ts';
import { ACCOUNTS, type Account } from '../src/ledger/accounts.ts';
import * as bookings from '../src/ledger/bookings.ts';
import { type Entry, sumsMovedBy } from '../src/ledger/entry.ts';

/** The pages in docs/bookings show what the functions make: the example of each page, booked and compared line by line. */
const PAGES = join(import.meta.dirname, '../docs/bookings');
const AT = new Date('2026-03-02T09:00:00Z');
const ABOUT = {
  entryId: 'entry',
  paymentId: 'payment',
  contactId: 'contact',
  currency: 'USD',
  account: 'gateway_clearing',
  effectiveOn: '2026-03-02',
  effectiveAt: AT,
  recordedAt: AT,
} as const;
const DOCUMENT = { ...ABOUT, sourceId: 'source', invoiceId: 'invoice' } as const;
const BILLED = { netMinor: 100_00n, taxes: [{ code: 'VAT20', taxMinor: 20_00n }] } as const;

const EXAMPLES: Record<string, Entry> = {
  'charge-settled.md': bookings.chargeSettled({ ...ABOUT, amountMinor: 120_00n, taxMinor: 20_00n, feeMinor: 3_78n }),
  'refund-settled.md': bookings.refundSettled({ ...ABOUT, amountMinor: 30_00n, taxMinor: 5_00n }),
  'fee-charged.md': bookings.feeCharged({ ...ABOUT, amountMinor: 3_78n }),
  'exchange-given.md': bookings.exchangeGiven({ ...ABOUT, amountMinor: 120_00n }),
  'exchange-received.md': bookings.exchangeReceived({ ...ABOUT, amountMinor: 130_20n }),
  'payout-paid.md': bookings.payoutPaid({ ...ABOUT, payoutId: 'payout', amountMinor: 850_00n }),
  'dispute-withdrawn.md': bookings.disputeWithdrawn({ ...ABOUT, amountMinor: 120_00n, feeMinor: 15_00n }),
  'money-received-on-account.md': bookings.moneyReceivedOnAccount({ ...ABOUT, amountMinor: 150_00n, feeMinor: 4_65n }),
  'account-refunded.md': bookings.accountRefunded({ ...ABOUT, amountMinor: 30_00n }),
  'credit-note-refunded.md': bookings.creditNoteRefunded({ ...ABOUT, creditNoteId: 'note', amountMinor: 30_00n }),
  'account-dispute-withdrawn.md': bookings.accountDisputeWithdrawn({
    ...ABOUT,
    amountMinor: 120_00n,
    feeMinor: 15_00n,
  }),
  'invoice-issued.md': bookings.invoiceIssued({ ...DOCUMENT, ...BILLED }),
  'invoice-credited.md': bookings.invoiceCredited({ ...DOCUMENT, ...BILLED }),
  'money-allocated.md': bookings.moneyAllocated({ ...DOCUMENT, amountMinor: 117_60n, discountMinor: 2_40n }),
  'invoice-written-off.md': bookings.invoiceWrittenOff({ ...DOCUMENT, amountMinor: 20_00n }),
  'late-fee-charged.md': bookings.lateFeeCharged({ ...DOCUMENT, amountMinor: 5_00n }),
};

/** How a page names the kept sums that move. */
const SUM_WORDS = {
  receivedMinor: 'received',
  refundedMinor: 'refunded',
  disputeLostMinor: 'lost to disputes',
  taxMinor: 'tax',
  feeMinor: 'fee',
} as const;

const accountNamed = (label: string) =>
  (Object.keys(ACCOUNTS) as Account[]).find((account) => ACCOUNTS[account].label === label);

function minor(text: string): number {
  const parsed = parseDecimal(text, 'USD');
  if (!parsed.ok) throw new Error(`${text}: ${parsed.reason}`);
  return minorToJson(parsed.amountMinor);
}

test('every booking has its page and every page its booking', () => {
  const functions = Object.entries(bookings).filter(([, value]) => typeof value === 'function');
  const pages = functions.map(([name]) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`);
  expect(readdirSync(PAGES).sort()).toEqual(pages.sort());
  expect(Object.keys(EXAMPLES).sort()).toEqual(pages.sort());
});

test.each(Object.entries(EXAMPLES))('%s shows what is booked', (page, entry) => {
  const text = readFileSync(join(PAGES, page), 'utf8');
  expect(text).toMatch(new RegExp(`^# ${entry.booking}\n`));

  const rows = [...text.matchAll(/^\| ([A-Z][^|]*) \| ([^|]*) \| ([\d.,]+) \|/gm)];
  const shown = rows.map(([, debit, credit, amount]) => ({
    debit: accountNamed(debit!),
    credit: accountNamed(credit!),
    amount: minor(amount!),
  }));
  expect(shown).toEqual(
    entry.transfers.map(({ debit, credit, amountMinor }) => ({ debit, credit, amount: minorToJson(amountMinor) })),
  );

  const moved = sumsMovedBy(entry.transfers);
  const sentence = /^What moves with it[^:]*: ([\s\S]*?)\. /m.exec(`${text} `)?.[1]?.replace(/\s+/g, ' ') ?? '';
  for (const [sum, word] of Object.entries(SUM_WORDS) as [keyof typeof SUM_WORDS, string][]) {
    const said = new RegExp(`(?:^|, )${word} ([+−][\\d.]+)`).exec(sentence)?.[1];
    expect([word, said === undefined ? 0 : minor(said)]).toEqual([word, minorToJson(moved[sum])]);
  }
  expect(/payments \+1/.test(sentence)).toBe(moved.paymentCount === 1n);
});
