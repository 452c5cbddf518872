import { inflateSync } from 'node:zlib';

/** A picture that can be drawn in a document; in pixels. */
export interface Picture {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Larger pictures would take seconds to take apart and make every document large. */
const PIXELS_MAX = 2_000_000;

/**
 * Reads a PNG or JPEG, or null when it is broken or larger than PIXELS_MAX. pdfkit takes a PNG apart after it was
 * asked to draw it, and what is wrong with it then would end the process: nothing reaches it that was not read here.
 */
export function readPicture(bytes: Buffer): Picture | null {
  try {
    const size = bytes.subarray(0, 8).equals(PNG_SIGNATURE) ? pngSize(bytes) : jpegSize(bytes);
    if (!size || size.width * size.height > PIXELS_MAX) return null;
    return { bytes, ...size };
  } catch {
    // Bytes that end too early.
    return null;
  }
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Samples per pixel by colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size of a PNG all of whose pixels are there; null for interlaced ones, which pdfkit draws wrongly. */
function pngSize(bytes: Buffer): Size | null {
  let at = PNG_SIGNATURE.length;
  const data: Buffer[] = [];
  let palette = 0;
  let header: Buffer | null = null;
  for (;;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length < length) return null;
    if (type === 'IHDR') header = body;
    if (type === 'PLTE') palette = length / 3;
    if (type === 'IDAT') data.push(body);
    if (type === 'IEND') break;
    at += 12 + length;
  }
  if (!header) return null;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, interlaced] = [header[8]!, header[9]!, header[12]!];
  const samples = SAMPLES[colour];
  if (!width || !height || width * height > PIXELS_MAX || !samples || depth > 8 || interlaced) return null;
  if (colour === 3 && palette === 0) return null;
  const rowBytes = 1 + Math.ceil((width * samples * depth) / 8);
  const pixels = inflateSync(Buffer.concat(data), { maxOutputLength: rowBytes * height + 1 });
  if (pixels.length !== rowBytes * height) return null;
  for (let row = 0; row < height; row += 1) if (pixels[row * rowBytes]! > 4) return null;
  return { width, height };
}

/** Size of a JPEG from its frame header. */
function jpegSize(bytes: Buffer): Size | null {
  if (bytes.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  for (;;) {
    const marker = bytes.readUInt16BE(at);
    if (marker < 0xffc0) return null;
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) {
      const [height, width, components] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7), bytes[at + 9]!];
      return width > 0 && height > 0 && [1, 3, 4].includes(components) ? { width, height } : null;
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}
