/** The part of Markdown that the help pages are written in, as data: what a page shows is made from it, never HTML. */
export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; href: string };

const LIST_ITEM = /^(?:[-*]|(\d+)\.) +(.*)$/;

/** Reads a page: headings, paragraphs, lists, tables and fenced code; bold, code and links inside them. */
export function readMarkdown(source: string): Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const takeWhile = (belongs: (line: string) => boolean) => {
    const taken: string[] = [];
    while (at < lines.length && belongs(lines[at] ?? '')) taken.push(lines[at++] ?? '');
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = /^(#{1,3}) +(.*)$/.exec(line);
    if (line.trim() === '') at += 1;
    else if (heading) {
      blocks.push({
        kind: 'heading',
        level: (heading[1]?.length ?? 1) as 1 | 2 | 3,
        text: readInline(heading[2] ?? ''),
      });
      at += 1;
    } else if (line.startsWith('```')) {
      at += 1;
      blocks.push({ kind: 'code', text: takeWhile((one) => !one.startsWith('```')).join('\n') });
      at += 1;
    } else if (line.startsWith('|')) {
      const rows = takeWhile((one) => one.startsWith('|')).map(readCells);
      const [head = [], , ...body] = rows;
      blocks.push({ kind: 'table', head: head.map(readInline), rows: body.map((row) => row.map(readInline)) });
    } else if (LIST_ITEM.test(line))
      blocks.push(readList(takeWhile((one) => LIST_ITEM.test(one) || /^ +\S/.test(one))));
    else {
      const words = takeWhile((one) => one.trim() !== '' && !/^(#{1,3} |```|\|)/.test(one) && !LIST_ITEM.test(one));
      blocks.push({ kind: 'paragraph', text: readInline(words.join(' ')) });
    }
  }
  return blocks;
}

function readList(lines: readonly string[]): Block {
  const items: string[] = [];
  let isOrdered = false;
  for (const line of lines) {
    const item = LIST_ITEM.exec(line);
    if (item) {
      isOrdered = item[1] !== undefined;
      items.push(item[2] ?? '');
    } else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return { kind: 'list', isOrdered, items: items.map(readInline) };
}

function readCells(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
}

/** Bold, code and links of one line; whatever else stands there is text. */
export function readInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  for (;;) {
    const found = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)]+)\)/.exec(rest);
    if (!found) break;
    if (found.index > 0) parts.push({ kind: 'text', text: rest.slice(0, found.index) });
    if (found[1] !== undefined) parts.push({ kind: 'strong', text: found[1] });
    else if (found[2] !== undefined) parts.push({ kind: 'code', text: found[2] });
    else parts.push({ kind: 'link', text: found[3] ?? '', href: found[4] ?? '' });
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest !== '') parts.push({ kind: 'text', text: rest });
  return parts;
}
