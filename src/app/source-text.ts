/** What the floor plan needs to know of a source file without compiling it: its code and what it imports. */
export interface SourceText {
  /** The text with comments and the insides of strings blanked out; same length, same lines. */
  readonly code: string;
  /** Specifiers of `import`, `export … from`, `import()` and `import type`, with their line (from 1). */
  readonly imports: readonly { specifier: string; line: number }[];
}

/** After these a slash begins a regular expression; elsewhere it divides (or closes a tag). */
const BEFORE_REGEX = /(?:^|[=(,:[!&|?;{+\-*%~^]|=>|\b(?:return|typeof|case|in|of))\s*$/;

/** Reads TypeScript or TSX. Text between tags may hold lone quotes: a quote that is not closed on its line is no string. */
export function readSource(text: string): SourceText {
  const code = blankOut(text);
  const imports: { specifier: string; line: number }[] = [];
  const pattern = /(?<![.\w])(?:from|import)\s*\(?\s*(['"])[^'"]*\1/g;
  for (const match of code.matchAll(pattern)) {
    const start = match.index + match[0].indexOf(match[1]!) + 1;
    const end = match.index + match[0].length - 1;
    imports.push({ specifier: text.slice(start, end), line: lineAt(text, match.index) });
  }
  return { code, imports };
}

/** Line number, from 1, of a position. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function blankOut(text: string): string {
  let code = '';
  let at = 0;
  /** Depth of braces inside each open `${`, innermost last. */
  const templates: number[] = [];
  const blank = (until: number) => {
    code += text.slice(at, until).replace(/[^\n]/g, ' ');
    at = until;
  };
  while (at < text.length) {
    const character = text[at]!;
    const two = text.slice(at, at + 2);
    if (two === '//') blank(indexOr(text, '\n', at));
    else if (two === '/*') blank(indexOr(text, '*/', at) + 2);
    else if (character === "'" || character === '"') {
      const end = endOfQuoted(text, at, character);
      code += character;
      at += 1;
      if (end === -1) continue;
      blank(end);
      code += character;
      at += 1;
    } else if (character === '`' || (character === '}' && templates.at(-1) === 0)) {
      if (character === '}') templates.pop();
      code += character;
      at += 1;
      const end = endOfTemplatePart(text, at);
      blank(end);
      if (text.startsWith('${', at)) {
        templates.push(0);
        code += '${';
        at += 2;
      } else if (at < text.length) {
        code += '`';
        at += 1;
      }
    } else if (character === '/' && BEFORE_REGEX.test(code.slice(-40)) && endOfRegex(text, at) !== -1) {
      const end = endOfRegex(text, at);
      code += '/';
      at += 1;
      blank(end);
    } else {
      if (templates.length > 0 && character === '{') templates[templates.length - 1]! += 1;
      if (templates.length > 0 && character === '}') templates[templates.length - 1]! -= 1;
      code += character;
      at += 1;
    }
  }
  return code;
}

function indexOr(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index === -1 ? text.length : index;
}

function endOfQuoted(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === quote) return i;
  }
  return -1;
}

function endOfTemplatePart(text: string, start: number): number {
  for (let i = start; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`' || text.startsWith('${', i)) return i;
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let i = start + 1; i < text.length && text[i] !== '\n'; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i;
  }
  return -1;
}
