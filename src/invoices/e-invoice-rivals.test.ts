import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facturXSchemaErrors, linesOf, writtenByRival } from '../../tests/setup/e-invoice-rivals.ts';
import { anyDocument } from '../../tests/setup/random-invoice.ts';
import { type SnapshotParts, testSnapshot, writtenLine } from '../../tests/setup/snapshot.ts';
import { parseXml } from '../../tests/setup/xml.ts';
import { ciiDocument } from './cii-document.ts';
import { type EInvoice, eInvoiceOf } from './e-invoice.ts';
import { brokenRules } from './e-invoice-rules.ts';
import { ublDocument } from './ubl-document.ts';

const EVERYTHING: SnapshotParts = {
  lines: [writtenLine({ discount: { percent: '10' } }), writtenLine({ unit_price: '0.5' })],
  discount: { amount_minor: 500 },
  more: {
    notes: 'Thank you',
    period: { from: '2026-02-01', until: '2026-03-01' },
    about: { number: 'INV-1', issued_on: '2026-01-01' },
  },
};

/** The other writer compiles its schema for each document; COUNTERFOIL_E_INVOICES=100 looks at more of them. */
const WRITTEN = Number(process.env.COUNTERFOIL_E_INVOICES ?? 8);

/** Documents that may be sent: those which break a rule are refused before anything is written. */
function sampleOf(currency: string, count: number): EInvoice[] {
  return [EVERYTHING, ...fc.sample(anyDocument(currency, 'document'), { numRuns: count, seed: 7 })]
    .map((parts) => eInvoiceOf(testSnapshot({ ...parts, currency })))
    .filter((invoice) => brokenRules(invoice, 'peppol').length === 0);
}

/** The library takes two decimals of a price, where the standard has no limit; the price is compared without. */
const withShortPrices = (ubl: string) =>
  ubl.replaceAll(/(<cbc:PriceAmount[^>]*>\d+\.\d{2})\d+/g, '$1').replaceAll("'", '\u2019');

test.each(['EUR', 'USD', 'JPY'])('CII in %s is valid by the published schema of Factur-X', async (currency) => {
  const documents = sampleOf(currency, 150).map(ciiDocument);
  expect(documents.length).toBeGreaterThan(80);
  expect(await facturXSchemaErrors(documents)).toEqual([]);
});

test.each<[string, (xml: string) => string]>([
  ['an element that it does not know', (xml) => xml.replaceAll('ram:CityName', 'ram:Town')],
  ['an element that is missing', (xml) => xml.replace(/<ram:DuePayableAmount>.*<\/ram:DuePayableAmount>/, '')],
  ['an amount that is none', (xml) => xml.replace(/(<ram:GrandTotalAmount>)/, '$1about ')],
])('the published schema finds %s', async (_name, broken) => {
  const whole = ciiDocument(eInvoiceOf(testSnapshot(EVERYTHING)));
  expect(await facturXSchemaErrors([whole])).toEqual([]);
  expect(await facturXSchemaErrors([broken(whole)])).not.toEqual([]);
});

test.each(['EUR', 'USD', 'JPY'])(
  'UBL in %s is what another writer makes of the same data, element by element',
  async (currency) => {
    const sample = sampleOf(currency, WRITTEN);
    expect(sample.length).toBeGreaterThan(WRITTEN / 2);
    for (const invoice of sample) {
      const ubl = withShortPrices(ublDocument(invoice, 'peppol'));
      expect(linesOf(await writtenByRival(ubl, 'UBL'))).toEqual(linesOf(parseXml(ubl)));
    }
  },
);

/** Where the other writer's CII says less or other than ours, by the path of the element. */
const RIVAL_LEAVES_OUT = [
  // It names the network's specification, which CII is not sent by.
  'ExchangedDocumentContext',
  // It leaves the delivery out where it is empty; the published schema wants the element.
  'ApplicableHeaderTradeDelivery = ',
  // It forgets the invoice that a credit note is about.
  'InvoiceReferencedDocument',
];

test('CII is what another writer makes of the same data, but for what it leaves out', async () => {
  for (const invoice of sampleOf('EUR', WRITTEN)) {
    const comparable = (lines: readonly string[]) =>
      lines
        .filter((line) => !RIVAL_LEAVES_OUT.some((part) => line.includes(part)))
        // It repeats the currency on allowances of lines, which the standard leaves to the document.
        .map((line) => line.replace('/ActualAmount@currencyID=EUR', '/ActualAmount'));
    const rival = await writtenByRival(withShortPrices(ublDocument(invoice, 'peppol')), 'CII');
    const ours = parseXml(
      ciiDocument(invoice)
        .replaceAll(/(<ram:ChargeAmount>\d+\.\d{2})\d+/g, '$1')
        .replaceAll("'", '\u2019'),
    );
    expect(comparable(linesOf(ours))).toEqual(comparable(linesOf(rival)));
  }
});

test('the other writer refuses what its code lists do not have', async () => {
  const ubl = ublDocument(eInvoiceOf(testSnapshot(EVERYTHING)), 'peppol');
  await expect(writtenByRival(ubl.replace('unitCode="C62"', 'unitCode="PIECE"'), 'UBL')).rejects.toThrow();
  await expect(
    writtenByRival(ubl.replace('<cbc:IdentificationCode>DE', '<cbc:IdentificationCode>QQ'), 'UBL'),
  ).rejects.toThrow();
  await expect(writtenByRival(ubl.replace(/<cbc:PayableAmount.*/, ''), 'UBL')).rejects.toThrow();
});
