import type { CustomFieldShape } from '../contacts/custom-field.ts';
import type { ImportKind } from './import.ts';

/** How the cells of a field are read. */
export type FieldType =
  | 'text'
  | 'email'
  | 'country'
  | 'currency'
  | 'amount'
  | 'price'
  | 'quantity'
  | 'date'
  | 'payment_kind'
  | 'method_kind'
  | 'status'
  | 'tags'
  | 'company'
  | 'owner'
  | 'note'
  | 'locale'
  | 'time_zone'
  | 'custom';

/** One thing that a column of a file can be. */
export interface TargetField {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly required: boolean;
  /** Header names it is known by, compared by their letters and digits only; the first are the surest. */
  readonly aliases: readonly string[];
  /** The workspace's own field that it fills, where it is one. */
  readonly custom?: CustomFieldShape;
}

const field = (name: string, label: string, type: FieldType, aliases: string, required = false): TargetField => ({
  name,
  label,
  type,
  required,
  aliases: aliases.split(' '),
});

const TARGET_FIELDS: Readonly<Record<ImportKind, readonly TargetField[]>> = {
  contacts: [
    field(
      'name',
      'Name',
      'text',
      'name fullname contactname customername displayname contact customer firstname givenname forename',
      true,
    ),
    field('last_name', 'Last name (joined to the name)', 'text', 'lastname surname familyname'),
    field('email', 'E-mail', 'email', 'email emailaddress mail'),
    field('phone', 'Telephone', 'text', 'phone phonenumber telephone mobile mobilephone tel'),
    field(
      'company',
      'Company',
      'company',
      'company companyname organisation organization account accountname associatedcompany employer',
    ),
    field(
      'external_ref',
      'Reference',
      'text',
      'customerid externalid externalref reference customernumber customerno id contactid',
    ),
    field('country', 'Country', 'country', 'country billingcountry countrycode'),
    field('line1', 'Address', 'text', 'address address1 addressline1 street streetaddress line1'),
    field('line2', 'Address, second line', 'text', 'address2 addressline2 line2'),
    field('city', 'City', 'text', 'city town'),
    field('region', 'Region', 'text', 'region state province county'),
    field('postal_code', 'Postal code', 'text', 'postalcode postcode zip zipcode'),
    field('tax_id', 'Tax number', 'text', 'taxid vatnumber vatid vat taxnumber'),
    field('currency', 'Currency', 'currency', 'currency preferredcurrency'),
    field('locale', 'Language', 'locale', 'language locale lang'),
    field('time_zone', 'Time zone', 'time_zone', 'timezone tz'),
    field('tags', 'Tags', 'tags', 'tags tag labels'),
    field('owner', 'Owner (e-mail)', 'owner', 'owneremail owner contactowner accountowner accountmanager assignedto'),
    field('note', 'Note', 'note', 'notes note comments comment remarks'),
  ],
  payments: [
    field(
      'external_ref',
      'Payment reference',
      'text',
      'paymentid transactionid externalid id paymentref invoiceno invoicenumber',
    ),
    field(
      'date',
      'Date',
      'date',
      'date paidat paidon paymentdate createdat created created(utc) occurredat receivedon time',
      true,
    ),
    field('amount', 'Amount', 'amount', 'amount total gross paid sum', true),
    field('currency', 'Currency', 'currency', 'currency currencycode'),
    field('kind', 'Charge or refund', 'payment_kind', 'kind type transactiontype'),
    field('status', 'Status', 'status', 'status state'),
    field('tax', 'Tax', 'amount', 'tax vat taxamount'),
    field(
      'customer_ref',
      'Customer number',
      'text',
      'customerid customerref customernumber customerno contactid clientid',
    ),
    field('customer_email', 'Customer e-mail', 'email', 'customeremail email emailaddress'),
    field('customer_name', 'Customer name', 'text', 'customername customer name client clientname contact'),
    field('method', 'Method', 'method_kind', 'method paymentmethod methodkind'),
    field('reference', 'Bank or cheque reference', 'text', 'reference bankreference chequenumber checknumber ref'),
    field('description', 'Description', 'text', 'description memo details note notes'),
    field(
      'parent_ref',
      'Refund of payment',
      'text',
      'parentid parentref originalpayment refundof originaltransactionid',
    ),
  ],
  sales_lines: [
    field(
      'invoice_no',
      'Invoice number',
      'text',
      'invoiceno invoicenumber invoice invoiceid orderid ordernumber orderno',
      true,
    ),
    field('date', 'Date', 'date', 'invoicedate date orderdate createdat', true),
    field('quantity', 'Quantity', 'quantity', 'quantity qty units', true),
    field('unit_price', 'Price of one', 'price', 'unitprice price priceeach rate', true),
    field(
      'customer_ref',
      'Customer number',
      'text',
      'customerid customerref customernumber customerno customer clientid',
      true,
    ),
    field('due_date', 'Due date', 'date', 'duedate dueon due paymentdue'),
    field('customer_name', 'Customer name', 'text', 'customername clientname fullname'),
    field('country', 'Country', 'country', 'country billingcountry'),
    field('product_code', 'Product code', 'text', 'stockcode productcode sku itemcode'),
    field('description', 'Description', 'text', 'description product productname item itemname'),
  ],
};

/** How a custom field is named in a mapping: `custom.` and its key. */
export const CUSTOM_PREFIX = 'custom.';

/** What a column of a file can be: the fields of its kind, and for contacts the workspace's own. */
export function fieldsOf(kind: ImportKind, customFields: readonly CustomFieldShape[]): readonly TargetField[] {
  if (kind !== 'contacts') return TARGET_FIELDS[kind];
  const own = customFields.map((custom) => ({
    name: `${CUSTOM_PREFIX}${custom.key}`,
    label: custom.label,
    type: 'custom' as const,
    required: false,
    aliases: [custom.label, custom.key],
    custom,
  }));
  return [...TARGET_FIELDS[kind], ...own];
}

/** A header or an alias by its letters and digits: "Customer ID", "customer_id" and "CustomerID" are one. */
function bare(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Column of each field as far as the headers tell; a column is taken once, by the field that knows it best. */
export function guessMapping(fields: readonly TargetField[], columns: readonly string[]): Record<string, number> {
  const names = columns.map(bare);
  const candidates: { field: string; column: number; rank: number }[] = [];
  for (const target of fields) {
    target.aliases.forEach((alias, rank) => {
      const column = names.indexOf(bare(alias));
      if (column !== -1) candidates.push({ field: target.name, column, rank });
    });
  }
  candidates.sort((a, b) => a.rank - b.rank);
  const mapping: Record<string, number> = {};
  const taken = new Set<number>();
  for (const { field: name, column } of candidates) {
    if (name in mapping || taken.has(column)) continue;
    mapping[name] = column;
    taken.add(column);
  }
  return mapping;
}

/** What is wrong with a mapping, in words; empty when it can be used. Payments need to say whose they are. */
export function problemsOfMapping(
  kind: ImportKind,
  fields: readonly TargetField[],
  mapping: Readonly<Record<string, number>>,
  columnCount: number,
): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  for (const target of fields) {
    if (target.required && mapping[target.name] === undefined) {
      problems.push({ path: `mapping.${target.name}`, message: `Say which column is “${target.label}”.` });
    }
  }
  if (kind === 'payments' && mapping.customer_ref === undefined && mapping.customer_email === undefined) {
    problems.push({
      path: 'mapping.customer_ref',
      message: 'Say which column is the customer number or the customer e-mail.',
    });
  }
  for (const [name, column] of Object.entries(mapping)) {
    if (!fields.some((target) => target.name === name)) {
      problems.push({ path: `mapping.${name}`, message: 'There is no such field.' });
    } else if (!Number.isInteger(column) || column < 0 || column >= columnCount) {
      problems.push({ path: `mapping.${name}`, message: `A column number from 0 to ${columnCount - 1} is expected.` });
    }
  }
  return problems;
}
