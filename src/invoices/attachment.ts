/** Files that go with a document: which may, how large, and what they are called. Pure: the web program imports this too. */

/** What a scan or a photograph takes at most; larger files are for a link to somewhere else. */
export const ATTACHMENT_BYTES_MAX = 10 * 2 ** 20;
/** Of one document: what its page shows and a copy of it repeats. */
export const ATTACHMENTS_BYTES_MAX = 20 * 2 ** 20;
export const ATTACHMENTS_MAX = 10;
/** Files of more than this are not mailed but named: many mail servers take 10 MB, in which 7 are left after encoding. */
export const MAILED_BYTES_MAX = 7 * 2 ** 20;
export const ATTACHMENT_NAME_LENGTH_MAX = 120;

export interface AttachmentKind {
  readonly mediaType: string;
  readonly label: string;
}

/** By the ending of the name. Nothing that a browser would run, and no document with macros. */
export const ATTACHMENT_KINDS: Readonly<Record<string, AttachmentKind>> = {
  pdf: { mediaType: 'application/pdf', label: 'PDF' },
  png: { mediaType: 'image/png', label: 'PNG' },
  jpg: { mediaType: 'image/jpeg', label: 'JPEG' },
  jpeg: { mediaType: 'image/jpeg', label: 'JPEG' },
  csv: { mediaType: 'text/csv', label: 'CSV' },
  txt: { mediaType: 'text/plain', label: 'text' },
  xlsx: { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', label: 'Excel' },
  docx: { mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', label: 'Word' },
  ods: { mediaType: 'application/vnd.oasis.opendocument.spreadsheet', label: 'OpenDocument' },
  odt: { mediaType: 'application/vnd.oasis.opendocument.text', label: 'OpenDocument' },
};

export const ATTACHMENT_KIND_WORDS = [...new Set(Object.values(ATTACHMENT_KINDS).map(({ label }) => label))].join(', ');

/** A file of a document without its bytes. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size_bytes: number;
  readonly added_at: Date;
  readonly added_by: string;
}

/** The ending of a name, in small letters; empty where it has none. */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/**
 * A name that every system can keep: without folders, characters that nobody sees or that turn the writing around, and
 * those that Windows refuses. The ending survives when it is cut.
 */
export function attachmentName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1)!;
  const plain = last
    .replace(/\p{C}/gu, '')
    .replace(/[<>:"|?*]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  const ending = endingOf(plain);
  if (plain.length <= ATTACHMENT_NAME_LENGTH_MAX) return plain;
  const kept = plain.slice(0, ATTACHMENT_NAME_LENGTH_MAX - ending.length - 1).trimEnd();
  // Half of a pair is no character.
  return `${kept.replace(/[\ud800-\udbff]$/, '')}.${ending}`;
}

/** What is wrong with a name, in words; null when nothing is. */
export function nameProblem(name: string): string | null {
  const ending = endingOf(name);
  if (ending in ATTACHMENT_KINDS && name.length > ending.length + 1) return null;
  return `Only these can go with a document: ${ATTACHMENT_KIND_WORDS}.`;
}

/** Whether one more of this size still fits to those that are there; what is wrong in words, or null. */
export function roomProblem(sizesBytes: readonly number[], newBytes: number): string | null {
  if (sizesBytes.length >= ATTACHMENTS_MAX) return `At most ${ATTACHMENTS_MAX} files go with one document.`;
  const sum = sizesBytes.reduce((total, size) => total + size, 0);
  if (sum + newBytes > ATTACHMENTS_BYTES_MAX)
    return `All files of one document have at most ${inMegabytes(ATTACHMENTS_BYTES_MAX)}.`;
  return null;
}

export const inMegabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** A size as people read it: at least one kilobyte. */
export function fileSizeText(bytes: number, locale: string): string {
  const [unit, value] = bytes >= 2 ** 20 ? ['megabyte', bytes / 2 ** 20] : ['kilobyte', Math.max(1, bytes / 1024)];
  return new Intl.NumberFormat(locale, {
    ...{ style: 'unit', unit, unitDisplay: 'short' },
    maximumFractionDigits: unit === 'megabyte' ? 1 : 0,
  }).format(value);
}

/**
 * How a browser is to take a file: to be saved, never shown, under its name. The first name is for those that read only
 * ASCII (RFC 6266).
 */
export function dispositionOf(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
