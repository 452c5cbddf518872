/** XML of our own documents read back: elements, attributes and text; strict enough to fail on what is not well formed. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function plain(escaped: string): string {
  if (/&(?!(amp|lt|gt|quot);)|</.test(escaped)) throw new Error(`not well formed: ${escaped.slice(0, 60)}`);
  return escaped.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]!);
}

export function parseXml(xml: string): XmlNode {
  const open: { name: string; attributes: Record<string, string>; children: XmlNode[]; text: string }[] = [];
  let root: XmlNode | null = null;
  let at = xml.indexOf('?>') + 2;
  for (const match of xml.slice(at).matchAll(/([^<]*)<(\/?)([\w:]+)((?:\s[\w:]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, before, closing, name, attributes, selfClosing] = match;
    at += whole.length;
    if (open.length > 0) open.at(-1)!.text += plain(before!);
    else if (before!.trim() !== '') throw new Error('text outside of the document');
    if (closing) {
      const node = open.pop();
      if (node?.name !== name) throw new Error(`</${name}> closes <${node?.name}>`);
      if (open.length > 0) open.at(-1)!.children.push(node!);
      else root = node!;
      continue;
    }
    const read = [...attributes!.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]);
    const node = {
      name: name!,
      attributes: Object.fromEntries(read) as Record<string, string>,
      children: [],
      text: '',
    };
    if (selfClosing) open.at(-1)!.children.push(node);
    else open.push(node);
  }
  if (!root || open.length > 0 || xml.slice(at).trim() !== '')
    throw new Error('the document does not end where it should');
  return root;
}

/** Nodes at a path such as "cac:Party/cbc:EndpointID", below `node`. */
export function nodesAt(node: XmlNode, path: string): XmlNode[] {
  return path
    .split('/')
    .reduce<readonly XmlNode[]>(
      (found, name) => found.flatMap((one) => one.children.filter((child) => child.name === name)),
      [node],
    ) as XmlNode[];
}

export function textAt(node: XmlNode, path: string): string {
  return nodesAt(node, path)[0]?.text ?? '';
}
