import { endingOf } from './attachment.ts';

const starts = (bytes: Buffer, ...signature: number[]) =>
  bytes.subarray(0, signature.length).equals(Buffer.from(signature));
const isZip = (bytes: Buffer) => starts(bytes, 0x50, 0x4b, 0x03, 0x04);
/** Names of the parts stand in a zip as they are. */
const isOffice = (part: string) => (bytes: Buffer) =>
  isZip(bytes) && bytes.includes(part) && !bytes.includes('vbaProject.bin');
const isOpenDocument = (type: string) => (bytes: Buffer) =>
  isZip(bytes) && bytes.subarray(0, 200).includes(`mimetypeapplication/vnd.oasis.opendocument.${type}`);

/** No control characters but those of lines and pages; UTF-16 says so at its beginning. */
function isText(bytes: Buffer): boolean {
  if (starts(bytes, 0xff, 0xfe) || starts(bytes, 0xfe, 0xff)) return true;
  return !bytes.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
}

const isJpeg = (bytes: Buffer) => starts(bytes, 0xff, 0xd8, 0xff);

/** What the bytes of a kind look like; the ending alone could say anything. */
const CHECKS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  // Some writers put a few bytes before it, and readers accept that.
  pdf: (bytes) => bytes.subarray(0, 1_024).includes('%PDF-'),
  png: (bytes) => starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  jpg: isJpeg,
  jpeg: isJpeg,
  csv: isText,
  txt: isText,
  xlsx: isOffice('xl/workbook.xml'),
  docx: isOffice('word/document.xml'),
  ods: isOpenDocument('spreadsheet'),
  odt: isOpenDocument('text'),
};

/** Whether a file is what its ending says. */
export function isWhatItSays(name: string, bytes: Buffer): boolean {
  return CHECKS[endingOf(name)]?.(bytes) ?? false;
}
