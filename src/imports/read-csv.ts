import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Failure } from '../foundation/failure.ts';
import {
  columnNames,
  type Dialect,
  type Encoding,
  judgeStart,
  looksLikeHeader,
  sampleRows,
  sniffSeparator,
} from './csv-dialect.ts';
import { type CsvRow, CsvUnreadable, makeRowSplitter } from './csv-rows.ts';
import { TEXT_BYTES_MAX } from './import.ts';

/** Read and decoded at once; a few of these are all the memory that a file of any size takes. */
const CHUNK_BYTES = 262_144;
/** What separator, header and first guesses are made from. */
const SAMPLE_BYTES = 262_144;

/** What reading the whole file once says about it. */
export interface FileExamined {
  readonly dialect: Dialect;
  readonly columns: readonly string[];
  /** First rows, the header among them. */
  readonly sample: readonly CsvRow[];
}

/**
 * Finds out how a file is to be read: compression by its first bytes, encoding by its byte order mark or by whether
 * all of it is UTF-8, separator and header by its first rows. Throws import_unreadable with what to do instead.
 */
export async function examineFile(path: string): Promise<FileExamined> {
  const beginning = await readBeginning(path);
  if (beginning.length === 0) throw new Failure('import_unreadable', 'The file is empty.');
  const judged = judgeStart(beginning);
  if ('refused' in judged) throw new Failure('import_unreadable', judged.refused);
  const encoding: Encoding = judged.encoding ?? ((await isAllUtf8(path)) ? 'utf-8' : 'windows-1252');
  const text = new TextDecoder(encoding).decode(beginning, { stream: true });
  const separator = sniffSeparator(text);
  const sample = sampleRows(text, separator);
  const hasHeader = looksLikeHeader(sample[0]?.cells ?? []);
  const columns = columnNames(sample, hasHeader);
  if (columns.length === 0) {
    // Nothing readable in the sample: either nothing is there, or a quote never closes. Reading on tells which.
    for await (const rows of readCsv(path, { encoding, separator, hasHeader: false })) if (rows.length > 0) break;
    throw new Failure('import_unreadable', 'The file has no rows.');
  }
  return { dialect: { encoding, separator, hasHeader }, columns, sample };
}

async function readBeginning(path: string): Promise<Buffer> {
  const start: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBytes(path)) {
    start.push(chunk);
    bytes += chunk.length;
    if (bytes >= SAMPLE_BYTES) break;
  }
  return Buffer.concat(start);
}

/** Reads on only until something is not UTF-8. */
async function isAllUtf8(path: string): Promise<boolean> {
  let carried: Buffer = Buffer.alloc(0);
  for await (const chunk of readBytes(path)) {
    const bytes = carried.length === 0 ? chunk : Buffer.concat([carried, chunk]);
    const whole = bytes.length - brokenOffTail(bytes);
    if (!isUtf8(bytes.subarray(0, whole))) return false;
    carried = bytes.subarray(whole);
  }
  return carried.length === 0;
}

/** Columns of a file when it is read in another way than was found out by itself. Throws import_unreadable. */
export async function readColumns(path: string, dialect: Dialect): Promise<string[]> {
  for await (const rows of readCsv(path, { ...dialect, hasHeader: false })) {
    if (rows.length > 0) return columnNames(rows.slice(0, 50), dialect.hasHeader);
  }
  throw new Failure('import_unreadable', 'The file has no rows.');
}

/** How far a file is read. */
export interface ReadingPlace {
  bytesRead: number;
}

/**
 * The file's rows in batches, the header left out; `place` is moved on as the file is read. Throws import_unreadable
 * naming the line.
 */
export async function* readCsv(path: string, dialect: Dialect, place?: ReadingPlace): AsyncGenerator<CsvRow[]> {
  const decoder = new TextDecoder(dialect.encoding, { fatal: dialect.encoding === 'utf-8' });
  const splitter = makeRowSplitter(dialect.separator);
  let headerDue = dialect.hasHeader;
  const withoutHeader = (rows: CsvRow[]) => {
    if (!headerDue || rows.length === 0) return rows;
    headerDue = false;
    return rows.slice(1);
  };
  try {
    for await (const chunk of readBytes(path, place))
      yield withoutHeader(splitter.push(decoder.decode(chunk, { stream: true })));
    yield withoutHeader([...splitter.push(decoder.decode()), ...splitter.end()]);
  } catch (error) {
    if (error instanceof CsvUnreadable)
      throw new Failure('import_unreadable', error.message, { facts: { line: error.line } });
    if (error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new Failure('import_unreadable', `The file is not whole ${dialect.encoding} text.`);
    }
    throw error;
  }
}

/** The file's bytes, unpacked when it is compressed. */
async function* readBytes(path: string, place: ReadingPlace = { bytesRead: 0 }): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!(await isGzip(path))) {
    for await (const chunk of source) {
      place.bytesRead = source.bytesRead;
      yield chunk as Buffer;
    }
    return;
  }
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (error) => unpacked.destroy(error));
  source.pipe(unpacked);
  let bytes = 0;
  try {
    for await (const chunk of unpacked) {
      bytes += (chunk as Buffer).length;
      place.bytesRead = source.bytesRead;
      if (bytes > TEXT_BYTES_MAX)
        throw new Failure('import_unreadable', 'The compressed file unfolds to more than this program reads.');
      yield chunk as Buffer;
    }
  } catch (error) {
    if (/^Z_/.test(String((error as { code?: unknown }).code))) {
      throw new Failure('import_unreadable', 'The compressed file is damaged or was cut short; send it again.');
    }
    throw error;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** Bytes at the end that begin a character whose rest is in the next chunk. */
function brokenOffTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
