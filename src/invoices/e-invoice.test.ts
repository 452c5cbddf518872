import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCii, readUbl } from '../../tests/setup/e-invoice.ts';
import { anyDocument } from '../../tests/setup/random-invoice.ts';
import { type SnapshotParts, testSnapshot, VAT20, writtenLine } from '../../tests/setup/snapshot.ts';
import { parseXml, textAt, type XmlNode } from '../../tests/setup/xml.ts';
import { toDecimalText } from '../foundation/money.ts';
import { ciiDocument } from './cii-document.ts';
import { type EInvoice, eInvoiceOf } from './e-invoice.ts';
import { brokenRules, type EInvoiceProfile, EN16931_RULES, PEPPOL_RULES } from './e-invoice-rules.ts';
import { ublDocument } from './ubl-document.ts';

const eInvoice = (parts: SnapshotParts = {}) => eInvoiceOf(testSnapshot(parts));
const rulesOf = (invoice: EInvoice, profile: EInvoiceProfile = 'peppol') =>
  brokenRules(invoice, profile).map(({ rule }) => rule);
const exempt = { ...VAT20, code: 'E', rate: '0', category: 'E', exemption_reason: 'Exempt by law' } as const;

/** What XML cannot hold is left out of it; the model read back is compared without. */
const withoutControls = (invoice: EInvoice): EInvoice =>
  JSON.parse(JSON.stringify(invoice).replaceAll('\\u0000', '')) as EInvoice;
const numberOf = (text: string) => Number(text);

describe('thousands of random documents', () => {
  test.each<[string, 'document' | 'line', readonly string[]]>([
    ['EUR', 'document', []],
    ['USD', 'document', []],
    ['USD', 'line', []],
    // The standard measures the tax of a rate against a whole unit of the currency: yen have no smaller one.
    ['JPY', 'document', ['BR-CO-17', 'BR-S-09']],
    ['JPY', 'line', ['BR-CO-17', 'BR-S-09']],
    // Three decimals, where the third is needed.
    ['KWD', 'document', EN16931_RULES.map(({ id }) => id).filter((id) => id.startsWith('BR-DEC'))],
  ])(
    'in %s, rounded by %s: UBL and CII say what the snapshot says, and no rule is broken',
    (currency, rounding, allowed) => {
      let valid = 0;
      fc.assert(
        fc.property(anyDocument(currency, rounding), (parts) => {
          const snapshot = testSnapshot(parts);
          const invoice = eInvoiceOf(snapshot);
          const broken = rulesOf(invoice);
          expect(broken.filter((rule) => !allowed.includes(rule))).toEqual([]);
          if (broken.length === 0) valid += 1;
          const expected = withoutControls(invoice);
          const ubl = readUbl(ublDocument(invoice, 'peppol'));
          // UBL has no due date on credit notes, and ours have none.
          expect(ubl).toEqual(expected);
          expect(readCii(ciiDocument(invoice))).toEqual(expected);
          expect(rulesOf(ubl)).toEqual(broken);
          const { totals } = ubl;
          const text = (minor: number) => numberOf(toDecimalText(BigInt(minor), currency));
          expect(numberOf(totals.payable)).toBe(text(snapshot.total_minor));
          expect(numberOf(totals.tax)).toBe(text(snapshot.tax_minor));
          expect(snapshot.net_minor - snapshot.document_discount_minor + snapshot.tax_minor).toBe(snapshot.total_minor);
        }),
        { numRuns: 500, seed: 4 },
      );
      expect(valid).toBeGreaterThan(currency === 'KWD' ? 5 : 300);
    },
  );

  test('elements stand in the order of the schema', () => {
    fc.assert(
      fc.property(anyDocument('EUR', 'document'), (parts) => {
        inOrder(parseXml(ublDocument(eInvoice({ ...parts, more: EVERYTHING }), 'peppol')), UBL_ORDER);
        inOrder(parseXml(ciiDocument(eInvoice({ ...parts, more: EVERYTHING }))), CII_ORDER);
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});

const EVERYTHING: SnapshotParts['more'] = {
  notes: 'Thank you',
  period: { from: '2026-02-01', until: '2026-03-01' },
  about: { number: 'INV-1', issued_on: '2026-01-01' },
};

describe('one document', () => {
  test('names the network’s specification where it is for the network', () => {
    const root = parseXml(ublDocument(eInvoice(), 'peppol'));
    expect(textAt(root, 'cbc:CustomizationID')).toContain('#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0');
    expect(textAt(root, 'cbc:ProfileID')).toBe('urn:fdc:peppol.eu:2017:poacc:billing:01:1.0');
    const plain = parseXml(ublDocument(eInvoice(), 'en16931'));
    expect([textAt(plain, 'cbc:CustomizationID'), textAt(plain, 'cbc:ProfileID')]).toEqual([
      'urn:cen.eu:en16931:2017',
      '',
    ]);
  });

  test('prices with their tax inside are written without it', () => {
    const inside = { ...VAT20, inclusive: true };
    const invoice = eInvoice({
      lines: [writtenLine({ quantity: '3', unit_price: '10.00', taxes: [inside], discount: { percent: '10' } })],
    });
    expect(invoice.lines[0]).toMatchObject({ price: '22.50', baseQuantity: '3', netAmount: '22.50', allowance: null });
    expect(invoice.totals).toMatchObject({ taxExclusive: '22.50', tax: '4.50', payable: '27.00' });
    expect(rulesOf(invoice)).toEqual([]);
  });

  test('a discount on the whole is one allowance per rate, and adds up', () => {
    const reduced = { ...VAT20, code: 'R', rate: '7' };
    const invoice = eInvoice({
      lines: [writtenLine(), writtenLine({ taxes: [reduced] })],
      discount: { amount_minor: 1_001 },
    });
    expect(invoice.allowances.map(({ amount, rate }) => [amount, rate])).toEqual([
      ['5.01', '20'],
      ['5.00', '7'],
    ]);
    expect(invoice.totals.allowances).toBe('10.01');
    expect(rulesOf(invoice)).toEqual([]);
  });

  test('without any tax it is outside the scope of VAT, and shows no VAT number', () => {
    const invoice = eInvoice({ lines: [writtenLine({ taxes: [] })] });
    expect([invoice.seller.vatId, invoice.buyer.vatId]).toEqual(['', '']);
    expect(invoice.breakdown).toMatchObject([{ category: 'O', rate: null, reasonCode: 'VATEX-EU-O' }]);
    expect(rulesOf(invoice)).toEqual([]);
  });

  test('a price per piece that cannot say what the line was rounded to is given for all pieces', () => {
    const yen = eInvoice({ currency: 'JPY', lines: [writtenLine({ quantity: '0.5', unit_price: '333' })] });
    expect(yen.lines[0]).toMatchObject({ price: '167', baseQuantity: '0.5', netAmount: '167' });
    expect(rulesOf(yen)).toEqual([]);
  });

  test.each<[string, string, string, Partial<EInvoice['seller']>]>([
    ['a VAT number', 'DE 123.456.788', 'DE', { vatId: 'DE123456788', taxNumber: '', endpointScheme: '9930' }],
    ['a Greek VAT number', 'EL123456789', 'GR', { vatId: 'EL123456789', endpointScheme: '9933' }],
    ['a tax number', '12/345/67890', 'DE', { vatId: '', taxNumber: '12/345/67890', endpointScheme: 'EM' }],
    ['the number of another country', 'FR83404833048', 'DE', { vatId: '', taxNumber: 'FR83404833048' }],
  ])('%s of the seller', (_name, tax_id, country, expected) => {
    const { seller } = testSnapshot();
    expect(eInvoice({ more: { seller: { ...seller, tax_id, country } } }).seller).toMatchObject(expected);
  });

  test.each<[string, SnapshotParts, string]>([
    [
      'two taxes on a line',
      { lines: [writtenLine({ taxes: [VAT20, { ...VAT20, code: 'CITY', rate: '2' }] })] },
      'BG-30',
    ],
    ['a standard rate of nothing', { lines: [writtenLine({ taxes: [{ ...VAT20, rate: '0' }] })] }, 'BR-S-05'],
    ['an exempt tax with a rate', { lines: [writtenLine({ taxes: [{ ...exempt, rate: '5' }] })] }, 'BR-E-05'],
    [
      'an exempt tax without a reason',
      { lines: [writtenLine({ taxes: [{ ...exempt, exemption_reason: null }] })] },
      'BR-E-10',
    ],
    ['a line without tax among others', { lines: [writtenLine(), writtenLine({ taxes: [] })] }, 'BR-O-11'],
    ['fils', { currency: 'KWD', lines: [writtenLine({ unit_price: '1.005' })] }, 'BR-DEC-23'],
    ['no reference', { more: { reference: '' } }, 'PEPPOL-EN16931-R003'],
  ])('%s is refused by name', (_name, parts, rule) => {
    expect(rulesOf(eInvoice(parts))).toContain(rule);
  });
});

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Break = (invoice: Mutable<EInvoice>) => void;

const BREAKS: Record<string, Break> = {
  'BR-02': (i) => (i.number = ' '),
  'BR-03': (i) => (i.issuedOn = '2.3.2026'),
  'BR-04': (i) => (i.typeCode = '999' as '380'),
  'BR-05': (i) => (i.currency = ''),
  'BR-CL-04': (i) => (i.currency = 'XXQ'),
  'BR-06': (i) => (i.seller.name = ''),
  'BR-07': (i) => (i.buyer.name = ''),
  'BR-08': (i) => Object.assign(i.seller, { line1: '', city: '', postalCode: ' ' }),
  'BR-09': (i) => (i.seller.country = ''),
  'BR-10': (i) => Object.assign(i.buyer, { line1: '', city: '', postalCode: '' }),
  'BR-11': (i) => (i.buyer.country = ''),
  'BR-CL-14': (i) => (i.buyer.country = 'QQ'),
  'BR-16': (i) => (i.lines = []),
  'BR-29': (i) => (i.period = { from: '2026-03-02', until: '2026-03-01' }),
  'BR-50': (i) => (i.payment!.iban = ''),
  'BR-55': (i) => (i.preceding = { number: '', issuedOn: '2026-01-01' }),
  'BR-57': (i) => (i.delivery = { on: '2026-01-01', country: '' }),
  'BR-62': (i) => (i.seller.endpointScheme = ''),
  'BR-63': (i) => (i.buyer.endpointScheme = ''),
  'BR-CL-25': (i) => (i.buyer.endpointScheme = '1234'),
  'BR-CO-09': (i) => (i.seller.vatId = '12123456788'),
  'BR-CO-25': (i) => Object.assign(i, { dueOn: null, terms: '' }),
  'BR-CO-26': (i) => Object.assign(i.seller, { vatId: '', registration: '' }),
  'BR-21': (i) => (i.lines[0]!.id = ''),
  'BR-22': (i) => (i.lines[0]!.quantity = ''),
  'BR-23': (i) => (i.lines[0]!.unitCode = ''),
  'BR-24': (i) => (i.lines[0]!.netAmount = ''),
  'BR-25': (i) => (i.lines[0]!.name = ''),
  'BR-26': (i) => (i.lines[0]!.price = 'free'),
  'BR-27': (i) => (i.lines[0]!.price = '-1'),
  'BR-31': (i) => (i.allowances[0]!.amount = ''),
  'BR-32': (i) => (i.allowances[0]!.category = 'X' as 'S'),
  'BR-33': (i) => (i.allowances[0]!.reason = ''),
  'BR-41': (i) => (i.lines[0]!.allowance!.amount = ''),
  'BR-42': (i) => (i.lines[0]!.allowance!.reason = ''),
  'BR-CO-04': (i) => (i.lines[0]!.category = 'X' as 'S'),
  'BG-30': (i) => (i.lines[0]!.hasSeveralTaxes = true),
  'BR-DEC-01': (i) => (i.allowances[0]!.amount += '1'),
  'BR-DEC-09': (i) => (i.totals.lines += '1'),
  'BR-DEC-10': (i) => (i.totals.allowances += '1'),
  'BR-DEC-12': (i) => (i.totals.taxExclusive += '1'),
  'BR-DEC-13': (i) => (i.totals.tax += '1'),
  'BR-DEC-14': (i) => (i.totals.taxInclusive += '1'),
  'BR-DEC-18': (i) => (i.totals.payable += '1'),
  'BR-DEC-19': (i) => (i.breakdown[0]!.base += '1'),
  'BR-DEC-20': (i) => (i.breakdown[0]!.tax += '1'),
  'BR-DEC-23': (i) => (i.lines[0]!.netAmount += '1'),
  'BR-DEC-24': (i) => (i.lines[0]!.allowance!.amount += '1'),
  'BR-12': (i) => (i.totals.lines = ''),
  'BR-13': (i) => (i.totals.taxExclusive = ''),
  'BR-14': (i) => (i.totals.taxInclusive = ''),
  'BR-15': (i) => (i.totals.payable = ''),
  'BR-45': (i) => (i.breakdown[0]!.base = ''),
  'BR-46': (i) => (i.breakdown[0]!.tax = ''),
  'BR-47': (i) => (i.breakdown[0]!.category = 'X' as 'S'),
  'BR-48': (i) => (i.breakdown[0]!.rate = null),
  'BR-CO-10': (i) => (i.totals.lines = '1.00'),
  'BR-CO-11': (i) => (i.totals.allowances = '1.00'),
  'BR-CO-13': (i) => (i.totals.taxExclusive = '1.00'),
  'BR-CO-14': (i) => (i.totals.tax = '1.00'),
  'BR-CO-15': (i) => (i.totals.taxInclusive = '1.00'),
  'BR-CO-16': (i) => (i.totals.payable = '1.00'),
  'BR-CO-17': (i) => (i.breakdown[0]!.tax = '40.00'),
  'BR-CO-18': (i) => (i.breakdown = []),
  'BR-IC-11': (i) => asCategory(i, 'K', { delivery: null }),
  'BR-IC-12': (i) => asCategory(i, 'K', { delivery: { on: '2026-03-02', country: '' } }),
  'BR-O-11': (i) => i.breakdown.push({ ...i.breakdown[0]!, category: 'O', rate: null }),
  'PEPPOL-EN16931-R003': (i) => (i.reference = ''),
  'PEPPOL-EN16931-R010': (i) => (i.buyer.endpoint = ''),
  'PEPPOL-EN16931-R020': (i) => (i.seller.endpoint = ''),
  'PEPPOL-EN16931-R120': (i) => (i.lines[0]!.price = '99.00'),
  'PEPPOL-EN16931-R121': (i) => (i.lines[0]!.baseQuantity = '0'),
  'PEPPOL-EN16931-P0112': (i) => (i.typeCode = '326' as '380'),
};

/** Makes the whole document one of a category, as it would be right, with `more` over it. */
function asCategory(i: Mutable<EInvoice>, category: EInvoice['lines'][number]['category'], more: Partial<EInvoice>) {
  const rate = category === 'S' ? '20' : category === 'O' ? null : '0';
  for (const part of [...i.lines, ...i.allowances, ...i.breakdown]) Object.assign(part, { category, rate });
  const isTaxed = category === 'S' || category === 'Z';
  Object.assign(i.breakdown[0]!, { tax: category === 'S' ? '17.00' : '0.00', reason: isTaxed ? '' : 'Because' });
  Object.assign(i.totals, category === 'S' ? {} : { tax: '0.00', taxInclusive: '85.00', payable: '85.00' });
  if (category === 'O') for (const party of [i.seller, i.buyer]) party.vatId = '';
  i.delivery = category === 'K' ? { on: '2026-03-02', country: 'FR' } : null;
  Object.assign(i, more);
}

for (const category of ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const) {
  const name = `BR-${category === 'K' ? 'IC' : category}`;
  const wrongRate = category === 'S' ? '0' : '5';
  const breakIt = (number: string, change: Break) => {
    BREAKS[`${name}-${number}`] = (i) => {
      asCategory(i, category, {});
      change(i);
    };
  };
  breakIt('01', (i) => i.breakdown.push(i.breakdown[0]!));
  breakIt('02', (i) => Object.assign(i.seller, { vatId: category === 'O' ? 'DE123456788' : '', taxNumber: '' }));
  breakIt('02 (buyer)', (i) =>
    Object.assign(i.buyer, { vatId: category === 'O' ? 'FR83404833048' : '', registration: '' }),
  );
  breakIt('05', (i) => (i.lines[0]!.rate = wrongRate));
  breakIt('06', (i) => (i.allowances[0]!.rate = wrongRate));
  breakIt('08', (i) => (i.breakdown[0]!.base = '84.99'));
  breakIt('09', (i) => (i.breakdown[0]!.tax = '30.00'));
  breakIt('10', (i) =>
    Object.assign(i.breakdown[0]!, { reason: category === 'S' || category === 'Z' ? 'Because' : '', reasonCode: '' }),
  );
}

describe('every rule is found broken', () => {
  const whole = (): Mutable<EInvoice> =>
    structuredClone(
      eInvoice({ lines: [writtenLine({ discount: { percent: '10' } })], discount: { amount_minor: 500 } }),
    ) as Mutable<EInvoice>;

  test('the document that is broken is whole before, in every category', () => {
    expect(rulesOf(whole())).toEqual([]);
    for (const category of ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const) {
      const invoice = whole();
      asCategory(invoice, category, {});
      expect([category, rulesOf(invoice)]).toEqual([category, []]);
    }
  });

  test.each([...EN16931_RULES, ...PEPPOL_RULES].map(({ id }) => id))('%s', (id) => {
    const invoice = whole();
    const breakIt = BREAKS[id];
    expect(breakIt, `a case that breaks ${id}`).toBeDefined();
    breakIt!(invoice);
    const found = brokenRules(invoice, 'peppol').find(({ rule }) => rule === id);
    expect(found?.message).toContain(`(${id})`);
    expect(found?.path).not.toBe('');
  });
});

/** Order of children in UBL 2.1 and in CII D16B, as far as our documents have them. */
const UBL_ORDER: Record<string, string> = {
  Invoice:
    'CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note DocumentCurrencyCode BuyerReference InvoicePeriod OrderReference BillingReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal InvoiceLine',
  CreditNote:
    'CustomizationID ProfileID ID IssueDate CreditNoteTypeCode Note DocumentCurrencyCode BuyerReference InvoicePeriod OrderReference BillingReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal CreditNoteLine',
  Party: 'EndpointID PostalAddress PartyTaxScheme PartyLegalEntity Contact',
  PostalAddress: 'StreetName AdditionalStreetName CityName PostalZone CountrySubentity Country',
  PartyTaxScheme: 'CompanyID TaxScheme',
  PartyLegalEntity: 'RegistrationName CompanyID',
  Delivery: 'ActualDeliveryDate DeliveryLocation',
  PaymentMeans: 'PaymentMeansCode PaymentID PayeeFinancialAccount',
  PayeeFinancialAccount: 'ID Name FinancialInstitutionBranch',
  AllowanceCharge: 'ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason Amount TaxCategory',
  TaxTotal: 'TaxAmount TaxSubtotal',
  TaxSubtotal: 'TaxableAmount TaxAmount TaxCategory',
  TaxCategory: 'ID Percent TaxExemptionReasonCode TaxExemptionReason TaxScheme',
  ClassifiedTaxCategory: 'ID Percent TaxScheme',
  LegalMonetaryTotal: 'LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount PayableAmount',
  InvoiceLine: 'ID InvoicedQuantity LineExtensionAmount AllowanceCharge Item Price',
  CreditNoteLine: 'ID CreditedQuantity LineExtensionAmount AllowanceCharge Item Price',
  Item: 'Description Name ClassifiedTaxCategory',
  Price: 'PriceAmount BaseQuantity',
  InvoicePeriod: 'StartDate EndDate',
  InvoiceDocumentReference: 'ID IssueDate',
};
const CII_ORDER: Record<string, string> = {
  CrossIndustryInvoice: 'ExchangedDocumentContext ExchangedDocument SupplyChainTradeTransaction',
  ExchangedDocument: 'ID TypeCode IssueDateTime IncludedNote',
  SupplyChainTradeTransaction:
    'IncludedSupplyChainTradeLineItem ApplicableHeaderTradeAgreement ApplicableHeaderTradeDelivery ApplicableHeaderTradeSettlement',
  IncludedSupplyChainTradeLineItem:
    'AssociatedDocumentLineDocument SpecifiedTradeProduct SpecifiedLineTradeAgreement SpecifiedLineTradeDelivery SpecifiedLineTradeSettlement',
  SpecifiedTradeProduct: 'Name Description',
  NetPriceProductTradePrice: 'ChargeAmount BasisQuantity',
  SpecifiedLineTradeSettlement:
    'ApplicableTradeTax SpecifiedTradeAllowanceCharge SpecifiedTradeSettlementLineMonetarySummation',
  ApplicableHeaderTradeAgreement: 'BuyerReference SellerTradeParty BuyerTradeParty BuyerOrderReferencedDocument',
  SellerTradeParty:
    'Name SpecifiedLegalOrganization DefinedTradeContact PostalTradeAddress URIUniversalCommunication SpecifiedTaxRegistration',
  PostalTradeAddress: 'PostcodeCode LineOne LineTwo CityName CountryID CountrySubDivisionName',
  ApplicableHeaderTradeDelivery: 'ShipToTradeParty ActualDeliverySupplyChainEvent',
  ApplicableHeaderTradeSettlement:
    'PaymentReference InvoiceCurrencyCode SpecifiedTradeSettlementPaymentMeans ApplicableTradeTax BillingSpecifiedPeriod SpecifiedTradeAllowanceCharge SpecifiedTradePaymentTerms SpecifiedTradeSettlementHeaderMonetarySummation InvoiceReferencedDocument',
  SpecifiedTradeSettlementPaymentMeans:
    'TypeCode PayeePartyCreditorFinancialAccount PayeeSpecifiedCreditorFinancialInstitution',
  PayeePartyCreditorFinancialAccount: 'IBANID AccountName',
  ApplicableTradeTax:
    'CalculatedAmount TypeCode ExemptionReason BasisAmount CategoryCode ExemptionReasonCode RateApplicablePercent',
  CategoryTradeTax: 'TypeCode CategoryCode RateApplicablePercent',
  SpecifiedTradeAllowanceCharge: 'ChargeIndicator ActualAmount ReasonCode Reason CategoryTradeTax',
  SpecifiedTradePaymentTerms: 'Description DueDateDateTime',
  SpecifiedTradeSettlementHeaderMonetarySummation:
    'LineTotalAmount AllowanceTotalAmount TaxBasisTotalAmount TaxTotalAmount GrandTotalAmount DuePayableAmount',
  InvoiceReferencedDocument: 'IssuerAssignedID FormattedIssueDateTime',
};

function inOrder(node: XmlNode, order: Record<string, string>): void {
  const local = (name: string) => name.replace(/^.*:/, '');
  const known = order[local(node.name)]?.split(' ');
  if (known) {
    const positions = node.children.map((child) => known.indexOf(local(child.name)));
    expect([node.name, positions]).toEqual([node.name, [...positions].sort((a, b) => a - b)]);
    expect(positions).not.toContain(-1);
  }
  expect(
    node.children.length > 0 || node.text.trim() !== '' || local(node.name) === 'ApplicableHeaderTradeDelivery',
  ).toBe(true);
  for (const child of node.children) inOrder(child, order);
}
