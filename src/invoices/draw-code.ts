import { encodeQR } from 'qr';

/** Draws what `text` says as a QR code into a square of `side` points. */
export function drawCode(doc: PDFKit.PDFDocument, text: string, at: { x: number; y: number; side: number }): void {
  // The library insists on a border; the page has room of its own around the code.
  const bordered = encodeQR(text, 'raw', { ecc: 'medium', border: 1 });
  const modules = bordered.slice(1, -1).map((row) => row.slice(1, -1));
  const size = at.side / modules.length;
  for (const [row, cells] of modules.entries()) {
    for (let from = cells.indexOf(true); from !== -1; ) {
      const end = cells.indexOf(false, from);
      const until = end === -1 ? cells.length : end;
      doc.rect(at.x + from * size, at.y + row * size, (until - from) * size, size);
      from = cells.indexOf(true, until);
    }
  }
  doc.fill('#000000');
}
