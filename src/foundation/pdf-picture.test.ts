import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openPdf } from './pdf-document.ts';
import { readPicture } from './pdf-picture.ts';

const chunk = (type: string, body: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), body, Buffer.alloc(4)]);
};
const png = (part: { width?: number; height?: number; colour?: number; interlaced?: number; pixels?: Buffer } = {}) => {
  const { width = 2, height = 2, colour = 2, interlaced = 0 } = part;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colour, 0, 0, interlaced], 8);
  const samples = colour === 6 ? 4 : 3;
  const pixels = part.pixels ?? Buffer.alloc(height * (1 + width * samples));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};
const jpeg = (components: number) =>
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 3, 0, 5, components, 0, 0, 0]);

test.each<[string, Buffer, { width: number; height: number } | null]>([
  ['a PNG', png(), { width: 2, height: 2 }],
  ['a PNG with transparency', png({ colour: 6 }), { width: 2, height: 2 }],
  ['a PNG whose pixels end early', png({ pixels: Buffer.alloc(3) }), null],
  ['a PNG with an unknown filter', png({ pixels: Buffer.alloc(14, 9) }), null],
  ['an interlaced PNG', png({ interlaced: 1 }), null],
  ['a palette without colours', png({ colour: 3, pixels: Buffer.alloc(6) }), null],
  ['a PNG that says it is enormous', png({ width: 60_000, height: 60_000, pixels: Buffer.alloc(8) }), null],
  ['a PNG that is cut off', png().subarray(0, 40), null],
  ['a signature and nothing else', png().subarray(0, 8), null],
  ['a JPEG', jpeg(3), { width: 5, height: 3 }],
  ['a JPEG of two colours', jpeg(2), null],
  ['a JPEG that is cut off', jpeg(3).subarray(0, 10), null],
  ['an HTML page', Buffer.from('<html>'), null],
  ['nothing', Buffer.alloc(0), null],
])('%s', (_name, bytes, expected) => {
  const read = readPicture(bytes);
  expect(read && { width: read.width, height: read.height }).toEqual(expected);
});

test('what is read can be drawn', async () => {
  for (const bytes of [png(), png({ colour: 6 })]) {
    const margins = { top: 10, bottom: 10, left: 10, right: 10 };
    const facts = { size: 'A4', margins, language: 'en', title: 'A', author: 'B', subject: 'C' } as const;
    const paper = openPdf({ ...facts, createdAt: new Date(0) });
    paper.figure('Logo', (doc) => doc.image(readPicture(bytes)!.bytes, 10, 10, { width: 20, height: 20 }));
    expect((await paper.finish()).toString('latin1')).toContain('/Subtype /Image');
  }
});
