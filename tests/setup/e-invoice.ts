import type { EInvoice, EParty } from '../../src/invoices/e-invoice.ts';
import type { TaxCategory } from '../../src/invoices/invoice-amounts.ts';
import { nodesAt, parseXml, textAt, type XmlNode } from './xml.ts';

/** E-invoices read back from their two syntaxes, each by the paths that EN 16931-3-2 and -3-3 bind business terms to. */

const categoryOf = (text: string) => text as TaxCategory;
const rateOf = (text: string) => (text === '' ? null : text);

export function readUbl(xml: string): EInvoice {
  const root = parseXml(xml);
  const isCredit = root.name === 'CreditNote';
  const at = (path: string) => textAt(root, path);
  const period = nodesAt(root, 'cac:InvoicePeriod')[0];
  const preceding = nodesAt(root, 'cac:BillingReference/cac:InvoiceDocumentReference')[0];
  const delivery = nodesAt(root, 'cac:Delivery')[0];
  const means = nodesAt(root, 'cac:PaymentMeans')[0];
  return {
    typeCode: at(isCredit ? 'cbc:CreditNoteTypeCode' : 'cbc:InvoiceTypeCode') as '380',
    number: at('cbc:ID'),
    issuedOn: at('cbc:IssueDate'),
    dueOn: at('cbc:DueDate') || null,
    currency: at('cbc:DocumentCurrencyCode'),
    reference: at('cac:OrderReference/cbc:ID'),
    note: at('cbc:Note'),
    period: period ? { from: textAt(period, 'cbc:StartDate'), until: textAt(period, 'cbc:EndDate') } : null,
    preceding: preceding ? { number: textAt(preceding, 'cbc:ID'), issuedOn: textAt(preceding, 'cbc:IssueDate') } : null,
    seller: ublParty(nodesAt(root, 'cac:AccountingSupplierParty/cac:Party')[0]!),
    buyer: ublParty(nodesAt(root, 'cac:AccountingCustomerParty/cac:Party')[0]!),
    delivery: delivery
      ? {
          on: textAt(delivery, 'cbc:ActualDeliveryDate') || null,
          country: textAt(delivery, 'cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode'),
        }
      : null,
    payment: means
      ? {
          iban: textAt(means, 'cac:PayeeFinancialAccount/cbc:ID'),
          bic: textAt(means, 'cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID'),
          name: textAt(means, 'cac:PayeeFinancialAccount/cbc:Name'),
          isSepa: textAt(means, 'cbc:PaymentMeansCode') === '58',
        }
      : null,
    terms: at('cac:PaymentTerms/cbc:Note'),
    lines: nodesAt(root, isCredit ? 'cac:CreditNoteLine' : 'cac:InvoiceLine').map((line) => {
      const quantity = nodesAt(line, isCredit ? 'cbc:CreditedQuantity' : 'cbc:InvoicedQuantity')[0]!;
      const allowance = nodesAt(line, 'cac:AllowanceCharge')[0];
      return {
        id: textAt(line, 'cbc:ID'),
        name: textAt(line, 'cac:Item/cbc:Name'),
        description: textAt(line, 'cac:Item/cbc:Description'),
        quantity: quantity.text,
        unitCode: quantity.attributes.unitCode ?? '',
        price: textAt(line, 'cac:Price/cbc:PriceAmount'),
        baseQuantity: textAt(line, 'cac:Price/cbc:BaseQuantity'),
        netAmount: textAt(line, 'cbc:LineExtensionAmount'),
        allowance: allowance
          ? { amount: textAt(allowance, 'cbc:Amount'), reason: textAt(allowance, 'cbc:AllowanceChargeReason') }
          : null,
        category: categoryOf(textAt(line, 'cac:Item/cac:ClassifiedTaxCategory/cbc:ID')),
        rate: rateOf(textAt(line, 'cac:Item/cac:ClassifiedTaxCategory/cbc:Percent')),
        hasSeveralTaxes: nodesAt(line, 'cac:Item/cac:ClassifiedTaxCategory').length > 1,
      };
    }),
    allowances: nodesAt(root, 'cac:AllowanceCharge').map((allowance) => ({
      amount: textAt(allowance, 'cbc:Amount'),
      reason: textAt(allowance, 'cbc:AllowanceChargeReason'),
      category: categoryOf(textAt(allowance, 'cac:TaxCategory/cbc:ID')),
      rate: rateOf(textAt(allowance, 'cac:TaxCategory/cbc:Percent')),
    })),
    breakdown: nodesAt(root, 'cac:TaxTotal/cac:TaxSubtotal').map((row) => ({
      category: categoryOf(textAt(row, 'cac:TaxCategory/cbc:ID')),
      rate: rateOf(textAt(row, 'cac:TaxCategory/cbc:Percent')),
      base: textAt(row, 'cbc:TaxableAmount'),
      tax: textAt(row, 'cbc:TaxAmount'),
      reason: textAt(row, 'cac:TaxCategory/cbc:TaxExemptionReason'),
      reasonCode: textAt(row, 'cac:TaxCategory/cbc:TaxExemptionReasonCode'),
    })),
    totals: {
      lines: at('cac:LegalMonetaryTotal/cbc:LineExtensionAmount'),
      allowances: at('cac:LegalMonetaryTotal/cbc:AllowanceTotalAmount') || '0',
      taxExclusive: at('cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount'),
      tax: at('cac:TaxTotal/cbc:TaxAmount'),
      taxInclusive: at('cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount'),
      payable: at('cac:LegalMonetaryTotal/cbc:PayableAmount'),
    },
  };
}

function ublParty(party: XmlNode): EParty {
  const at = (path: string) => textAt(party, path);
  const taxId = (scheme: string) =>
    nodesAt(party, 'cac:PartyTaxScheme')
      .filter((one) => textAt(one, 'cac:TaxScheme/cbc:ID') === scheme)
      .map((one) => textAt(one, 'cbc:CompanyID'))[0] ?? '';
  return {
    name: at('cac:PartyLegalEntity/cbc:RegistrationName'),
    line1: at('cac:PostalAddress/cbc:StreetName'),
    line2: at('cac:PostalAddress/cbc:AdditionalStreetName'),
    city: at('cac:PostalAddress/cbc:CityName'),
    region: at('cac:PostalAddress/cbc:CountrySubentity'),
    postalCode: at('cac:PostalAddress/cbc:PostalZone'),
    country: at('cac:PostalAddress/cac:Country/cbc:IdentificationCode'),
    vatId: taxId('VAT'),
    taxNumber: taxId('TAX'),
    registration: at('cac:PartyLegalEntity/cbc:CompanyID'),
    email: at('cac:Contact/cbc:ElectronicMail'),
    endpoint: at('cbc:EndpointID'),
    endpointScheme: nodesAt(party, 'cbc:EndpointID')[0]?.attributes.schemeID ?? '',
  };
}

export function readCii(xml: string): EInvoice {
  const root = parseXml(xml);
  const trade = nodesAt(root, 'rsm:SupplyChainTradeTransaction')[0]!;
  const agreement = nodesAt(trade, 'ram:ApplicableHeaderTradeAgreement')[0]!;
  const shipped = nodesAt(trade, 'ram:ApplicableHeaderTradeDelivery')[0]!;
  const settlement = nodesAt(trade, 'ram:ApplicableHeaderTradeSettlement')[0]!;
  const at = (path: string) => textAt(settlement, path);
  const period = nodesAt(settlement, 'ram:BillingSpecifiedPeriod')[0];
  const preceding = nodesAt(settlement, 'ram:InvoiceReferencedDocument')[0];
  const means = nodesAt(settlement, 'ram:SpecifiedTradeSettlementPaymentMeans')[0];
  const sums = 'ram:SpecifiedTradeSettlementHeaderMonetarySummation';
  const day = (text: string) => text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const deliveredOn = day(
    textAt(shipped, 'ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString'),
  );
  return {
    typeCode: textAt(root, 'rsm:ExchangedDocument/ram:TypeCode') as '380',
    number: textAt(root, 'rsm:ExchangedDocument/ram:ID'),
    issuedOn: day(textAt(root, 'rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString')),
    dueOn: day(at('ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString')) || null,
    currency: at('ram:InvoiceCurrencyCode'),
    reference: textAt(agreement, 'ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID'),
    note: textAt(root, 'rsm:ExchangedDocument/ram:IncludedNote/ram:Content'),
    period: period
      ? {
          from: day(textAt(period, 'ram:StartDateTime/udt:DateTimeString')),
          until: day(textAt(period, 'ram:EndDateTime/udt:DateTimeString')),
        }
      : null,
    preceding: preceding
      ? {
          number: textAt(preceding, 'ram:IssuerAssignedID'),
          issuedOn: day(textAt(preceding, 'ram:FormattedIssueDateTime/qdt:DateTimeString')),
        }
      : null,
    seller: ciiParty(nodesAt(agreement, 'ram:SellerTradeParty')[0]!),
    buyer: ciiParty(nodesAt(agreement, 'ram:BuyerTradeParty')[0]!),
    delivery:
      shipped.children.length > 0
        ? {
            on: deliveredOn || null,
            country: textAt(shipped, 'ram:ShipToTradeParty/ram:PostalTradeAddress/ram:CountryID'),
          }
        : null,
    payment: means
      ? {
          iban: textAt(means, 'ram:PayeePartyCreditorFinancialAccount/ram:IBANID'),
          bic: textAt(means, 'ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID'),
          name: textAt(means, 'ram:PayeePartyCreditorFinancialAccount/ram:AccountName'),
          isSepa: textAt(means, 'ram:TypeCode') === '58',
        }
      : null,
    terms: at('ram:SpecifiedTradePaymentTerms/ram:Description'),
    lines: nodesAt(trade, 'ram:IncludedSupplyChainTradeLineItem').map((line) => {
      const quantity = nodesAt(line, 'ram:SpecifiedLineTradeDelivery/ram:BilledQuantity')[0]!;
      const price = 'ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice';
      const settled = nodesAt(line, 'ram:SpecifiedLineTradeSettlement')[0]!;
      const allowance = nodesAt(settled, 'ram:SpecifiedTradeAllowanceCharge')[0];
      return {
        id: textAt(line, 'ram:AssociatedDocumentLineDocument/ram:LineID'),
        name: textAt(line, 'ram:SpecifiedTradeProduct/ram:Name'),
        description: textAt(line, 'ram:SpecifiedTradeProduct/ram:Description'),
        quantity: quantity.text,
        unitCode: quantity.attributes.unitCode ?? '',
        price: textAt(line, `${price}/ram:ChargeAmount`),
        baseQuantity: textAt(line, `${price}/ram:BasisQuantity`),
        netAmount: textAt(settled, 'ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount'),
        allowance: allowance
          ? { amount: textAt(allowance, 'ram:ActualAmount'), reason: textAt(allowance, 'ram:Reason') }
          : null,
        category: categoryOf(textAt(settled, 'ram:ApplicableTradeTax/ram:CategoryCode')),
        rate: rateOf(textAt(settled, 'ram:ApplicableTradeTax/ram:RateApplicablePercent')),
        hasSeveralTaxes: nodesAt(settled, 'ram:ApplicableTradeTax').length > 1,
      };
    }),
    allowances: nodesAt(settlement, 'ram:SpecifiedTradeAllowanceCharge').map((allowance) => ({
      amount: textAt(allowance, 'ram:ActualAmount'),
      reason: textAt(allowance, 'ram:Reason'),
      category: categoryOf(textAt(allowance, 'ram:CategoryTradeTax/ram:CategoryCode')),
      rate: rateOf(textAt(allowance, 'ram:CategoryTradeTax/ram:RateApplicablePercent')),
    })),
    breakdown: nodesAt(settlement, 'ram:ApplicableTradeTax').map((row) => ({
      category: categoryOf(textAt(row, 'ram:CategoryCode')),
      rate: rateOf(textAt(row, 'ram:RateApplicablePercent')),
      base: textAt(row, 'ram:BasisAmount'),
      tax: textAt(row, 'ram:CalculatedAmount'),
      reason: textAt(row, 'ram:ExemptionReason'),
      reasonCode: textAt(row, 'ram:ExemptionReasonCode'),
    })),
    totals: {
      lines: at(`${sums}/ram:LineTotalAmount`),
      allowances: at(`${sums}/ram:AllowanceTotalAmount`) || '0',
      taxExclusive: at(`${sums}/ram:TaxBasisTotalAmount`),
      tax: at(`${sums}/ram:TaxTotalAmount`),
      taxInclusive: at(`${sums}/ram:GrandTotalAmount`),
      payable: at(`${sums}/ram:DuePayableAmount`),
    },
  };
}

function ciiParty(party: XmlNode): EParty {
  const at = (path: string) => textAt(party, path);
  const taxId = (scheme: string) =>
    nodesAt(party, 'ram:SpecifiedTaxRegistration/ram:ID').find((one) => one.attributes.schemeID === scheme)?.text ?? '';
  return {
    name: at('ram:Name'),
    line1: at('ram:PostalTradeAddress/ram:LineOne'),
    line2: at('ram:PostalTradeAddress/ram:LineTwo'),
    city: at('ram:PostalTradeAddress/ram:CityName'),
    region: at('ram:PostalTradeAddress/ram:CountrySubDivisionName'),
    postalCode: at('ram:PostalTradeAddress/ram:PostcodeCode'),
    country: at('ram:PostalTradeAddress/ram:CountryID'),
    vatId: taxId('VA'),
    taxNumber: taxId('FC'),
    registration: at('ram:SpecifiedLegalOrganization/ram:ID'),
    email: at('ram:DefinedTradeContact/ram:EmailURIUniversalCommunication/ram:URIID'),
    endpoint: at('ram:URIUniversalCommunication/ram:URIID'),
    endpointScheme: nodesAt(party, 'ram:URIUniversalCommunication/ram:URIID')[0]?.attributes.schemeID ?? '',
  };
}
