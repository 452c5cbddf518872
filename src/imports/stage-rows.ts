import { createReadStream } from 'node:fs';
import { appendFile, open, rm } from 'node:fs/promises';
import { packed, unpacked } from './packed-line.ts';

/** Rows written to a file of one line each, buffered. What a check computes is exactly what a commit writes. */
export interface RowWriter<Row> {
  readonly count: number;
  write(row: Row): Promise<void>;
  end(): Promise<void>;
}

const BUFFERED_ROWS = 2_000;
/** Rows with long notes are written out sooner. */
const BUFFERED_CHARACTERS = 1_048_576;
const READ_BYTES = 1_048_576;
/** A chunk of rows with long notes is shorter than was asked for. */
const CHUNK_BYTES_MAX = 8 * READ_BYTES;

/** Begins the file anew. */
export async function stageRows<Row>(path: string): Promise<RowWriter<Row>> {
  await rm(path, { force: true });
  await appendFile(path, '');
  let lines: string[] = [];
  let characters = 0;
  let count = 0;
  const flush = async () => {
    if (lines.length === 0) return;
    const text = `${lines.join('\n')}\n`;
    lines = [];
    characters = 0;
    await appendFile(path, text);
  };
  return {
    get count() {
      return count;
    },
    async write(row) {
      count += 1;
      const line = packed(row);
      lines.push(line);
      characters += line.length;
      if (lines.length >= BUFFERED_ROWS || characters >= BUFFERED_CHARACTERS) await flush();
    },
    end: flush,
  };
}

/** Up to `rowsMax` rows (fewer where they are long) from the byte `offset`, and where the next ones begin; no rows at the end of the file. */
export async function readStagedRows<Row>(
  path: string,
  offset: number,
  rowsMax: number,
): Promise<{ rows: Row[]; next: number }> {
  const file = await open(path);
  try {
    let bytes: Buffer = Buffer.alloc(0);
    const { size } = await file.stat();
    for (;;) {
      const at = offset + bytes.length;
      const room = Buffer.allocUnsafe(Math.max(0, Math.min(READ_BYTES, size - at)));
      const { buffer, bytesRead } = await file.read(room, 0, room.length, at);
      bytes = Buffer.concat([bytes, buffer.subarray(0, bytesRead)]);
      let end = 0;
      let count = 0;
      while (count < rowsMax && end < CHUNK_BYTES_MAX) {
        const newline = bytes.indexOf(10, end);
        if (newline === -1) break;
        end = newline + 1;
        count += 1;
      }
      if (count < rowsMax && end < CHUNK_BYTES_MAX && bytesRead > 0) continue;
      const text = bytes.subarray(0, end).toString('utf8');
      const rows =
        text === ''
          ? []
          : text
              .slice(0, -1)
              .split('\n')
              .map((line) => unpacked(line) as Row);
      return { rows, next: offset + end };
    }
  } finally {
    await file.close();
  }
}

/** All rows of a file, up to `rowsMax` at a time. */
export async function* readAllStaged<Row>(path: string, rowsMax: number): AsyncGenerator<Row[]> {
  for (let offset = 0; ; ) {
    const { rows, next } = await readStagedRows<Row>(path, offset, rowsMax);
    if (rows.length === 0) return;
    yield rows;
    offset = next;
  }
}

/** Puts one staged file behind another and removes it. */
export async function appendStaged(path: string, behind: string): Promise<void> {
  for await (const chunk of createReadStream(path)) await appendFile(behind, chunk as Buffer);
  await rm(path, { force: true });
}
