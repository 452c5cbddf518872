/** What this program uses of packages that come without types of their own. */

declare module 'linebreak' {
  /** Where a line of Unicode text may or must end (UAX 14). */
  export default class LineBreaker {
    constructor(text: string);
    /** The next place after a character, as an index into the text; null after the last one. */
    nextBreak(): { position: number; required: boolean } | null;
  }
}

declare module 'subset-font' {
  /** The part of a font that `text` needs, with its variable axes pinned, as a file of the wanted format. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: { targetFormat: 'truetype'; variationAxes?: Readonly<Record<string, number>> },
  ): Promise<Buffer>;
}
