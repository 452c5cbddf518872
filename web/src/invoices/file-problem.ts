import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_KINDS,
  attachmentName,
  inMegabytes,
  nameProblem,
} from '../../../src/invoices/attachment.ts';

/** What a chooser of files offers first. */
export const ACCEPTED_FILES = Object.keys(ATTACHMENT_KINDS)
  .map((ending) => `.${ending}`)
  .join();

/** What can be said of a file before it is sent; null when nothing is wrong. */
export function fileProblem(file: File): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (file.size > ATTACHMENT_BYTES_MAX) return `A file has at most ${inMegabytes(ATTACHMENT_BYTES_MAX)}.`;
  return nameProblem(attachmentName(file.name));
}

/** The bytes of a file as JSON carries them. */
export function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
