import { element, type XmlElement, type XmlPart, xmlDocument } from '../foundation/xml.ts';
import type { EBreakdown, EInvoice, ELine, EParty } from './e-invoice.ts';

/** UN/CEFACT Cross Industry Invoice (D16B), the XML within Factur-X and ZUGFeRD, in their profile EN 16931. */

const NAMESPACES = {
  'xmlns:rsm': 'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
  'xmlns:ram': 'urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100',
  'xmlns:qdt': 'urn:un:unece:uncefact:data:standard:QualifiedDataType:100',
  'xmlns:udt': 'urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100',
};

const ram = (name: string, content: string | null | readonly XmlPart[], attributes: Record<string, string> = {}) =>
  element(`ram:${name}`, content ?? '', attributes);
const day = (date: string | null, prefix = 'udt') =>
  date === null ? null : element(`${prefix}:DateTimeString`, date.replaceAll('-', ''), { format: '102' });

/** An invoice or credit note as CII. The same document gives the same text. */
export function ciiDocument(invoice: EInvoice): string {
  const parts: XmlPart[] = [
    element('rsm:ExchangedDocumentContext', [
      ram('GuidelineSpecifiedDocumentContextParameter', [ram('ID', 'urn:cen.eu:en16931:2017')]),
    ]),
    element('rsm:ExchangedDocument', [
      ram('ID', invoice.number),
      ram('TypeCode', invoice.typeCode),
      ram('IssueDateTime', [day(invoice.issuedOn)]),
      ram('IncludedNote', [ram('Content', invoice.note)]),
    ]),
    element('rsm:SupplyChainTradeTransaction', [
      invoice.lines.map(line),
      ram('ApplicableHeaderTradeAgreement', [
        ram('BuyerReference', invoice.reference),
        party('SellerTradeParty', invoice.seller),
        party('BuyerTradeParty', invoice.buyer),
        ram('BuyerOrderReferencedDocument', [ram('IssuerAssignedID', invoice.reference)]),
      ]),
      delivery(invoice),
      settlement(invoice),
    ]),
  ];
  return xmlDocument({
    name: 'rsm:CrossIndustryInvoice',
    attributes: NAMESPACES,
    content: parts.filter((part) => part !== null) as XmlElement[],
  });
}

function party(name: string, of: EParty): XmlElement | null {
  const registration = (id: string, scheme: string) =>
    ram('SpecifiedTaxRegistration', [ram('ID', id, { schemeID: scheme })]);
  return ram(name, [
    ram('Name', of.name),
    ram('SpecifiedLegalOrganization', [ram('ID', of.registration)]),
    ram('DefinedTradeContact', [ram('EmailURIUniversalCommunication', [ram('URIID', of.email)])]),
    ram('PostalTradeAddress', [
      ram('PostcodeCode', of.postalCode),
      ram('LineOne', of.line1),
      ram('LineTwo', of.line2),
      ram('CityName', of.city),
      ram('CountryID', of.country),
      ram('CountrySubDivisionName', of.region),
    ]),
    ram('URIUniversalCommunication', [ram('URIID', of.endpoint, { schemeID: of.endpointScheme })]),
    registration(of.vatId, 'VA'),
    registration(of.taxNumber, 'FC'),
  ]);
}

/** The element is asked for, whether or not there is something to say. */
function delivery({ delivery: of }: EInvoice): XmlElement {
  const parts = of
    ? [
        ram('ShipToTradeParty', [ram('PostalTradeAddress', [ram('CountryID', of.country)])]),
        ram('ActualDeliverySupplyChainEvent', [ram('OccurrenceDateTime', [day(of.on)])]),
      ]
    : [];
  return {
    name: 'ram:ApplicableHeaderTradeDelivery',
    attributes: {},
    content: parts.filter((part) => part !== null),
  };
}

function tradeTax(name: string, of: Pick<EBreakdown, 'category' | 'rate'>, more: Partial<EBreakdown> = {}) {
  return ram(name, [
    ram('CalculatedAmount', more.tax ?? ''),
    ram('TypeCode', 'VAT'),
    ram('ExemptionReason', more.reason ?? ''),
    ram('BasisAmount', more.base ?? ''),
    ram('CategoryCode', of.category),
    ram('ExemptionReasonCode', more.reasonCode ?? ''),
    ram('RateApplicablePercent', of.rate),
  ]);
}

const isNoCharge = () => ram('ChargeIndicator', [element('udt:Indicator', 'false')]);

function settlement(invoice: EInvoice): XmlElement | null {
  const { totals, payment, period, preceding } = invoice;
  return ram('ApplicableHeaderTradeSettlement', [
    payment && ram('PaymentReference', invoice.number),
    ram('InvoiceCurrencyCode', invoice.currency),
    payment &&
      ram('SpecifiedTradeSettlementPaymentMeans', [
        ram('TypeCode', payment.isSepa ? '58' : '30'),
        ram('PayeePartyCreditorFinancialAccount', [ram('IBANID', payment.iban), ram('AccountName', payment.name)]),
        ram('PayeeSpecifiedCreditorFinancialInstitution', [ram('BICID', payment.bic)]),
      ]),
    invoice.breakdown.map((row) => tradeTax('ApplicableTradeTax', row, row)),
    period &&
      ram('BillingSpecifiedPeriod', [
        ram('StartDateTime', [day(period.from)]),
        ram('EndDateTime', [day(period.until)]),
      ]),
    invoice.allowances.map((allowance) =>
      ram('SpecifiedTradeAllowanceCharge', [
        isNoCharge(),
        ram('ActualAmount', allowance.amount),
        ram('ReasonCode', '95'),
        ram('Reason', allowance.reason),
        tradeTax('CategoryTradeTax', allowance),
      ]),
    ),
    ram('SpecifiedTradePaymentTerms', [
      ram('Description', invoice.terms),
      ram('DueDateDateTime', [day(invoice.dueOn)]),
    ]),
    ram('SpecifiedTradeSettlementHeaderMonetarySummation', [
      ram('LineTotalAmount', totals.lines),
      invoice.allowances.length > 0 ? ram('AllowanceTotalAmount', totals.allowances) : null,
      ram('TaxBasisTotalAmount', totals.taxExclusive),
      ram('TaxTotalAmount', totals.tax, { currencyID: invoice.currency }),
      ram('GrandTotalAmount', totals.taxInclusive),
      ram('DuePayableAmount', totals.payable),
    ]),
    preceding &&
      ram('InvoiceReferencedDocument', [
        ram('IssuerAssignedID', preceding.number),
        ram('FormattedIssueDateTime', [day(preceding.issuedOn, 'qdt')]),
      ]),
  ]);
}

function line(of: ELine): XmlElement | null {
  return ram('IncludedSupplyChainTradeLineItem', [
    ram('AssociatedDocumentLineDocument', [ram('LineID', of.id)]),
    ram('SpecifiedTradeProduct', [ram('Name', of.name), ram('Description', of.description)]),
    ram('SpecifiedLineTradeAgreement', [
      ram('NetPriceProductTradePrice', [
        ram('ChargeAmount', of.price),
        ram('BasisQuantity', of.baseQuantity, { unitCode: of.unitCode }),
      ]),
    ]),
    ram('SpecifiedLineTradeDelivery', [ram('BilledQuantity', of.quantity, { unitCode: of.unitCode })]),
    ram('SpecifiedLineTradeSettlement', [
      tradeTax('ApplicableTradeTax', of),
      of.allowance &&
        ram('SpecifiedTradeAllowanceCharge', [
          isNoCharge(),
          ram('ActualAmount', of.allowance.amount),
          ram('ReasonCode', '95'),
          ram('Reason', of.allowance.reason),
        ]),
      ram('SpecifiedTradeSettlementLineMonetarySummation', [ram('LineTotalAmount', of.netAmount)]),
    ]),
  ]);
}
