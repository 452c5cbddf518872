/** XML as our documents write it: elements in order, text escaped, nothing that is empty. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlElement[];
}

/** What may stand where an element may: absent parts are left out with their parents. */
export type XmlPart = XmlElement | null | readonly XmlPart[];

/** Characters that XML 1.0 cannot hold, written or escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands between tags or in quotes. */
export function xmlText(text: string): string {
  return text.replace(NOT_IN_XML, '').replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}

/** An element; null when it holds nothing but white space, so that no empty element is ever written. */
export function element(
  name: string,
  content: string | readonly XmlPart[],
  attributes: Readonly<Record<string, string>> = {},
): XmlElement | null {
  if (typeof content === 'string') {
    const text = content.replace(NOT_IN_XML, '');
    return text.trim() === '' ? null : { name, attributes, content: text };
  }
  const parts = flat(content);
  return parts.length === 0 ? null : { name, attributes, content: parts };
}

function flat(parts: readonly XmlPart[]): XmlElement[] {
  return parts.flatMap((part): XmlElement[] => {
    if (part === null) return [];
    return Array.isArray(part) ? flat(part as readonly XmlPart[]) : [part as XmlElement];
  });
}

/** The whole document, indented, with its declaration. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`;
}

function written({ name, attributes, content }: XmlElement, indent: string): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  const open = `${indent}<${name}${given.join('')}>`;
  if (typeof content === 'string') return `${open}${xmlText(content)}</${name}>\n`;
  return `${open}\n${content.map((part) => written(part, `${indent}  `)).join('')}${indent}</${name}>\n`;
}
