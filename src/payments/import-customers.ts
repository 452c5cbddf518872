import { createContacts, findImportedContacts } from '../contacts/create-contacts.ts';
import { maskCardNumbers } from '../foundation/card-number.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { newId } from '../foundation/id.ts';
import type { GatewayMethod } from '../gateways/gateway.ts';
import type { PastCustomer } from '../gateways/history.ts';
import type { MethodRow } from './payment-method.ts';
import type { HistoryBy, HistoryCounts } from './record-gateway-history.ts';
import {
  insertCustomers,
  readContactsByMethod,
  readContactsOfCustomers,
  readMethodIds,
} from './store-gateway-history.ts';
import { insertMethod, readMethodsOfContacts } from './store-methods.ts';

/** A customer with the methods that the gateway has saved for them. */
export interface CustomerWithMethods extends PastCustomer {
  readonly methods: readonly GatewayMethod[];
}

/** What the customer agreed to was said at the gateway, in words that are not kept here. */
const CONSENT_ELSEWHERE = 'at the gateway';
const NAME_LENGTH_MAX = 120;
const EMAIL_LENGTH_MAX = 254;
const PHONE_LENGTH_MAX = 40;
/** Stands for customers that the gateway does not name: their payments are money of the business all the same. */
const NOBODY = '';

/**
 * Takes customers into the contacts: those who are known (by the gateway's name for them, a saved method or their e-mail
 * address) are the contacts that they are, others are made; their saved methods are added once. Nobody is ever doubled.
 */
export async function importCustomers(
  tx: WorkspaceTx,
  by: HistoryBy & { readonly importId: string },
  listed: readonly CustomerWithMethods[],
): Promise<HistoryCounts> {
  if (listed.length === 0) return { written: 0, alreadyThere: 0, leftOut: {} };
  // A list that grows while it is read can name somebody twice.
  const customers = [...new Map(listed.map((customer) => [customer.customerRef, customer])).values()];
  const known = await contactsOf(
    tx,
    by,
    customers.map(({ customerRef }) => customerRef),
  );
  const unknown = customers.filter(({ customerRef }) => !known.has(customerRef));
  const found = await matchOrMake(tx, by, unknown);
  if (found.contactOf.size > 0) await insertCustomers(tx, by.gateway.name, found.contactOf);
  await addMethods(tx, by, customers, new Map([...known, ...found.contactOf]));
  return { written: found.made, alreadyThere: listed.length - found.made, leftOut: {} };
}

/** Contacts of customers; those that are known by a saved method only are remembered from now on. */
export async function contactsOf(
  tx: WorkspaceTx,
  by: Pick<HistoryBy, 'gateway'>,
  customerRefs: readonly string[],
): Promise<Map<string, string>> {
  const refs = [...new Set(customerRefs)];
  const known = await readContactsOfCustomers(tx, by.gateway.name, refs);
  const missing = refs.filter((ref) => !known.has(ref));
  if (missing.length === 0) return known;
  const byMethod = await readContactsByMethod(tx, by.gateway.name, missing);
  if (byMethod.size > 0) await insertCustomers(tx, by.gateway.name, byMethod);
  return new Map([...known, ...byMethod]);
}

/** The one contact that payments of unnamed and vanished customers are kept with; made when it is first needed. */
export async function contactOfNobody(tx: WorkspaceTx, by: HistoryBy & { readonly importId: string }): Promise<string> {
  const known = (await readContactsOfCustomers(tx, by.gateway.name, [NOBODY])).get(NOBODY);
  if (known !== undefined) return known;
  const externalRef = `${by.gateway.name}: no customer`;
  const contact = {
    name: `${by.gateway.label} payments without a customer`,
    externalRef,
    tags: [],
    companyName: null,
    note: '',
  };
  await createContacts(tx, [contact], { importId: by.importId, now: by.now, authorName: by.gateway.label });
  const made = (await findImportedContacts(tx, [{ ref: externalRef, email: null }])).get(externalRef)!;
  await insertCustomers(tx, by.gateway.name, new Map([[NOBODY, made]]));
  return made;
}

async function matchOrMake(
  tx: WorkspaceTx,
  by: HistoryBy & { readonly importId: string },
  customers: readonly PastCustomer[],
): Promise<{ contactOf: Map<string, string>; made: number }> {
  const contactOf = new Map<string, string>();
  if (customers.length === 0) return { contactOf, made: 0 };
  const emailOf = new Map(customers.map((customer) => [customer.customerRef, emailIn(customer)]));
  const emails = [...new Set([...emailOf.values()].flatMap((email) => email ?? []))];
  const [byRef, byEmail] = [
    await findImportedContacts(
      tx,
      customers.map(({ customerRef }) => ({ ref: customerRef, email: null })),
    ),
    await findImportedContacts(
      tx,
      emails.map((email) => ({ ref: email, email })),
    ),
  ];
  const making: PastCustomer[] = [];
  const makingByEmail = new Map<string, string>();
  for (const customer of customers) {
    const email = emailOf.get(customer.customerRef) ?? null;
    const match = byRef.get(customer.customerRef) ?? (email === null ? undefined : byEmail.get(email));
    if (match !== undefined) contactOf.set(customer.customerRef, match);
    else if (email === null || !makingByEmail.has(email)) {
      making.push(customer);
      if (email !== null) makingByEmail.set(email, customer.customerRef);
    }
  }
  const made = await createContacts(
    tx,
    making.map((customer) => contactFrom(customer, emailOf.get(customer.customerRef) ?? null)),
    { importId: by.importId, now: by.now, authorName: by.gateway.label },
  );
  const ids = await findImportedContacts(
    tx,
    making.map(({ customerRef }) => ({ ref: customerRef, email: null })),
  );
  for (const customer of customers) {
    if (contactOf.has(customer.customerRef)) continue;
    const email = emailOf.get(customer.customerRef) ?? null;
    // Two customers with one address are one person here.
    const id = ids.get(customer.customerRef) ?? (email === null ? undefined : ids.get(makingByEmail.get(email) ?? ''));
    if (id !== undefined) contactOf.set(customer.customerRef, id);
  }
  return { contactOf, made: made.contacts };
}

function contactFrom(customer: PastCustomer, email: string | null) {
  const name = clean(customer.name ?? '', NAME_LENGTH_MAX) || email || customer.customerRef;
  const phone = clean(customer.phone ?? '', PHONE_LENGTH_MAX) || null;
  return { name, email, phone, externalRef: customer.customerRef, tags: [], companyName: null, note: '' };
}

function emailIn({ email }: PastCustomer): string | null {
  const text = email?.trim().toLowerCase() ?? '';
  return text.length <= EMAIL_LENGTH_MAX && /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
}

/** A text of somebody else's system as one line of ours. */
function clean(text: string, lengthMax: number): string {
  return maskCardNumbers(
    text
      .replace(/[\p{Cc}\p{Cs}\ufffd]+/gu, ' ')
      .trim()
      .slice(0, lengthMax),
  ).trim();
}

async function addMethods(
  tx: WorkspaceTx,
  by: HistoryBy,
  customers: readonly CustomerWithMethods[],
  contactOf: ReadonlyMap<string, string>,
): Promise<void> {
  const all = customers.flatMap(({ methods }) => methods);
  if (all.length === 0) return;
  const there = await readMethodIds(
    tx,
    by.gateway.name,
    all.map(({ methodRef }) => methodRef),
  );
  const contactIds = [...new Set(customers.flatMap(({ customerRef }) => contactOf.get(customerRef) ?? []))];
  const withDefault = new Set(
    (await readMethodsOfContacts(tx, contactIds))
      .filter((method) => method.is_default && method.removed_at === null)
      .map((method) => method.contact_id),
  );
  const rows: MethodRow[] = [];
  for (const { customerRef, methods } of customers) {
    const contactId = contactOf.get(customerRef);
    if (contactId === undefined) continue;
    for (const method of methods) {
      if (there.has(method.methodRef)) continue;
      rows.push(methodRow(by, contactId, method, !withDefault.has(contactId)));
      withDefault.add(contactId);
    }
  }
  await Promise.all(rows.map((row) => insertMethod(tx, row)));
}

function methodRow(by: HistoryBy, contactId: string, method: GatewayMethod, isDefault: boolean): MethodRow {
  return {
    id: newId(),
    contact_id: contactId,
    gateway: by.gateway.name,
    gateway_customer_ref: method.customerRef,
    gateway_method_ref: method.methodRef,
    kind: method.kind,
    brand: method.brand,
    last4: method.last4,
    exp_month: method.expMonth,
    exp_year: method.expYear,
    fingerprint: method.fingerprint,
    label: null,
    is_default: isDefault,
    blocked_reason: null,
    failed_at: null,
    retry_after: null,
    consent_text_version: CONSENT_ELSEWHERE,
    consent_channel: 'web',
    consent_at: by.now,
    consent_ip: null,
    added_by: by.gateway.label,
    added_at: by.now,
    removed_at: null,
    removed_by: null,
    away_account: null,
  };
}
