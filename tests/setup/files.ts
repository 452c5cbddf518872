import { deflateRawSync } from 'node:zlib';
import type { TestServer } from './server.ts';

/** Small files of each kind that may go with a document; enough of each that it is what its name says. */
export const SMALL_FILES = {
  pdf: Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF'),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]),
  jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0]),
  text: Buffer.from('Überschrift\r\n'),
  xlsx: zipLike('[Content_Types].xml', 'xl/workbook.xml'),
  docx: zipLike('[Content_Types].xml', 'word/document.xml'),
  ods: Buffer.concat([
    Buffer.from('PK\u0003\u0004'),
    Buffer.alloc(26),
    Buffer.from('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
  ]),
};

/** Local headers of a zip, one behind the other. */
export function zipLike(...names: string[]): Buffer {
  const content = deflateRawSync(Buffer.from('<x/>'));
  return Buffer.concat(
    names.flatMap((name) => {
      const header = Buffer.alloc(30);
      header.writeUInt32LE(0x04034b50, 0);
      header.writeUInt16LE(8, 8);
      header.writeUInt32LE(content.length, 18);
      header.writeUInt32LE(4, 22);
      header.writeUInt16LE(name.length, 26);
      return [header, Buffer.from(name), content];
    }),
  );
}

/** Sends a file to a document as a form does. */
export async function attach(
  server: Pick<TestServer, 'app'>,
  apiKey: string,
  invoiceId: string,
  name: string,
  bytes: Buffer,
  headers: Record<string, string> = {},
  /** Or `recurring-invoices`. */
  collection = 'invoices',
) {
  const boundary = 'counterfoil-test';
  const answer = await server.app.inject({
    method: 'POST',
    url: `/v1/${collection}/${invoiceId}/attachments`,
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      authorization: `Bearer ${apiKey}`,
      ...headers,
    },
    payload: Buffer.concat([
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/html\r\n\r\n`,
      ),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  });
  const body = answer.json() as { id: string; name: string; code?: string; detail?: string };
  return { status: answer.statusCode, body };
}
