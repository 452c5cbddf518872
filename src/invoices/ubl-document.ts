import { element, type XmlElement, type XmlPart, xmlDocument } from '../foundation/xml.ts';
import type { EAllowance, EBreakdown, EInvoice, ELine, EParty } from './e-invoice.ts';
import type { EInvoiceProfile } from './e-invoice-rules.ts';

/** UBL 2.1, the syntax of Peppol. The order of elements is that of the schema. */

const NAMESPACES = {
  invoice: 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  creditNote: 'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
  cac: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  cbc: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
};

const SPECIFICATIONS: Record<EInvoiceProfile, { readonly customization: string; readonly process: string }> = {
  en16931: { customization: 'urn:cen.eu:en16931:2017', process: '' },
  peppol: {
    customization: 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0',
    process: 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0',
  },
};

const cbc = (name: string, text: string | null, attributes: Record<string, string> = {}) =>
  element(`cbc:${name}`, text ?? '', attributes);
const cac = (name: string, parts: readonly XmlPart[]) => element(`cac:${name}`, parts);

/** An invoice or credit note as UBL. The same document gives the same text. */
export function ublDocument(invoice: EInvoice, profile: EInvoiceProfile): string {
  const isCredit = invoice.typeCode === '381';
  const { totals, currency } = invoice;
  const amount = (name: string, text: string) => cbc(name, text, { currencyID: currency });
  const { customization, process } = SPECIFICATIONS[profile];
  const parts: XmlPart[] = [
    cbc('CustomizationID', customization),
    cbc('ProfileID', process),
    cbc('ID', invoice.number),
    cbc('IssueDate', invoice.issuedOn),
    isCredit ? null : cbc('DueDate', invoice.dueOn),
    cbc(isCredit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode', invoice.typeCode),
    cbc('Note', invoice.note),
    cbc('DocumentCurrencyCode', currency),
    cbc('BuyerReference', invoice.reference),
    invoice.period &&
      cac('InvoicePeriod', [cbc('StartDate', invoice.period.from), cbc('EndDate', invoice.period.until)]),
    cac('OrderReference', [cbc('ID', invoice.reference)]),
    invoice.preceding &&
      cac('BillingReference', [
        cac('InvoiceDocumentReference', [
          cbc('ID', invoice.preceding.number),
          cbc('IssueDate', invoice.preceding.issuedOn),
        ]),
      ]),
    cac('AccountingSupplierParty', [party(invoice.seller)]),
    cac('AccountingCustomerParty', [party(invoice.buyer)]),
    invoice.delivery &&
      cac('Delivery', [
        cbc('ActualDeliveryDate', invoice.delivery.on),
        cac('DeliveryLocation', [
          cac('Address', [cac('Country', [cbc('IdentificationCode', invoice.delivery.country)])]),
        ]),
      ]),
    paymentMeans(invoice),
    cac('PaymentTerms', [cbc('Note', invoice.terms)]),
    invoice.allowances.map((allowance) => documentAllowance(allowance, currency)),
    cac('TaxTotal', [amount('TaxAmount', totals.tax), invoice.breakdown.map((row) => subtotal(row, currency))]),
    cac('LegalMonetaryTotal', [
      amount('LineExtensionAmount', totals.lines),
      amount('TaxExclusiveAmount', totals.taxExclusive),
      amount('TaxInclusiveAmount', totals.taxInclusive),
      invoice.allowances.length > 0 ? amount('AllowanceTotalAmount', totals.allowances) : null,
      amount('PayableAmount', totals.payable),
    ]),
    invoice.lines.map((one) => line(one, currency, isCredit)),
  ];
  const root: XmlElement = {
    name: isCredit ? 'CreditNote' : 'Invoice',
    attributes: {
      xmlns: isCredit ? NAMESPACES.creditNote : NAMESPACES.invoice,
      'xmlns:cac': NAMESPACES.cac,
      'xmlns:cbc': NAMESPACES.cbc,
    },
    content: parts.flat().filter((part) => part !== null) as XmlElement[],
  };
  return xmlDocument(root);
}

function party(of: EParty): XmlElement | null {
  const scheme = (id: string, name: string) =>
    id === '' ? null : cac('PartyTaxScheme', [cbc('CompanyID', id), cac('TaxScheme', [cbc('ID', name)])]);
  return cac('Party', [
    cbc('EndpointID', of.endpoint, { schemeID: of.endpointScheme }),
    cac('PostalAddress', [
      cbc('StreetName', of.line1),
      cbc('AdditionalStreetName', of.line2),
      cbc('CityName', of.city),
      cbc('PostalZone', of.postalCode),
      cbc('CountrySubentity', of.region),
      cac('Country', [cbc('IdentificationCode', of.country)]),
    ]),
    scheme(of.vatId, 'VAT'),
    scheme(of.taxNumber, 'TAX'),
    cac('PartyLegalEntity', [cbc('RegistrationName', of.name), cbc('CompanyID', of.registration)]),
    cac('Contact', [cbc('ElectronicMail', of.email)]),
  ]);
}

function paymentMeans({ payment, number }: EInvoice): XmlElement | null {
  if (!payment) return null;
  return cac('PaymentMeans', [
    cbc('PaymentMeansCode', payment.isSepa ? '58' : '30'),
    cbc('PaymentID', number),
    cac('PayeeFinancialAccount', [
      cbc('ID', payment.iban),
      cbc('Name', payment.name),
      cac('FinancialInstitutionBranch', [cbc('ID', payment.bic)]),
    ]),
  ]);
}

function taxCategory(name: string, of: Pick<EBreakdown, 'category' | 'rate'> & Partial<EBreakdown>): XmlElement | null {
  return cac(name, [
    cbc('ID', of.category),
    cbc('Percent', of.rate),
    cbc('TaxExemptionReasonCode', of.reasonCode ?? ''),
    cbc('TaxExemptionReason', of.reason ?? ''),
    cac('TaxScheme', [cbc('ID', 'VAT')]),
  ]);
}

function documentAllowance(allowance: EAllowance, currency: string): XmlElement | null {
  return cac('AllowanceCharge', [
    cbc('ChargeIndicator', 'false'),
    // UNCL5189: a discount.
    cbc('AllowanceChargeReasonCode', '95'),
    cbc('AllowanceChargeReason', allowance.reason),
    cbc('Amount', allowance.amount, { currencyID: currency }),
    taxCategory('TaxCategory', { category: allowance.category, rate: allowance.rate }),
  ]);
}

function subtotal(row: EBreakdown, currency: string): XmlElement | null {
  return cac('TaxSubtotal', [
    cbc('TaxableAmount', row.base, { currencyID: currency }),
    cbc('TaxAmount', row.tax, { currencyID: currency }),
    taxCategory('TaxCategory', row),
  ]);
}

function line(of: ELine, currency: string, isCredit: boolean): XmlElement | null {
  return cac(isCredit ? 'CreditNoteLine' : 'InvoiceLine', [
    cbc('ID', of.id),
    cbc(isCredit ? 'CreditedQuantity' : 'InvoicedQuantity', of.quantity, { unitCode: of.unitCode }),
    cbc('LineExtensionAmount', of.netAmount, { currencyID: currency }),
    of.allowance &&
      cac('AllowanceCharge', [
        cbc('ChargeIndicator', 'false'),
        cbc('AllowanceChargeReasonCode', '95'),
        cbc('AllowanceChargeReason', of.allowance.reason),
        cbc('Amount', of.allowance.amount, { currencyID: currency }),
      ]),
    cac('Item', [
      cbc('Description', of.description),
      cbc('Name', of.name),
      taxCategory('ClassifiedTaxCategory', { category: of.category, rate: of.rate }),
    ]),
    cac('Price', [
      cbc('PriceAmount', of.price, { currencyID: currency }),
      cbc('BaseQuantity', of.baseQuantity, { unitCode: of.unitCode }),
    ]),
  ]);
}
