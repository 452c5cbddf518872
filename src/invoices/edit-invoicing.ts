import type { z } from 'zod';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { readPicture } from '../foundation/pdf-picture.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { InvoicingSettings, invoicingSettingsChanges } from './api-catalogue.ts';
import { refused } from './create-invoice.ts';
import {
  type InvoicingSettingsRow,
  readInvoicingSettings,
  readLogo,
  writeInvoicingSettings,
  writeLogo,
} from './store-catalogue.ts';

/** What holds while nobody has set anything. */
const SETTINGS_BY_DEFAULT: InvoicingSettingsRow = {
  tax_rounding: 'document',
  weekend: [6, 7],
  holidays: [],
  colour: '#1f2937',
  footer: '',
  payment_details: {},
  seller: {},
  version: 0,
};

/** A logo larger than this does not belong on every page of every PDF. */
export const LOGO_BYTES_MAX = 200_000;

export async function readInvoicing(tx: WorkspaceTx): Promise<InvoicingSettings> {
  const [row, logo] = await Promise.all([readInvoicingSettings(tx), readLogo(tx)]);
  const settings = row ?? SETTINGS_BY_DEFAULT;
  return { ...settings, weekend: [...settings.weekend], has_logo: logo !== null };
}

/** Changes how the business invoices, for documents to come. Throws edit_conflict, invalid_request on a wrong IBAN. */
export async function editInvoicing(
  tx: WorkspaceTx,
  caller: Caller,
  changes: z.output<typeof invoicingSettingsChanges>,
  expectedVersion: number | null,
): Promise<InvoicingSettings> {
  const before = (await readInvoicingSettings(tx)) ?? SETTINGS_BY_DEFAULT;
  if (expectedVersion !== null && expectedVersion !== before.version) throw new Failure('edit_conflict');
  const iban = changes.payment_details?.iban;
  if (iban && !isIban(iban))
    throw refused([{ path: 'payment_details.iban', message: 'The check digits of this IBAN are wrong.' }]);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const row: InvoicingSettingsRow = {
    ...before,
    ...given,
    seller: { ...before.seller, ...filled(changes.seller) },
    payment_details: { ...before.payment_details, ...filled(changes.payment_details) },
  };
  if ((await writeInvoicingSettings(tx, row)) === 0) throw new Failure('edit_conflict');
  await recordAudit(tx, caller, {
    action: 'invoicing.edited',
    subjectKind: null,
    subjectId: null,
    details: { fields: Object.keys(given) },
  });
  return readInvoicing(tx);
}

/** Keeps a logo (PNG or JPEG), or takes it away (null). Throws invalid_request, payload_too_large. */
export async function changeLogo(tx: WorkspaceTx, caller: Caller, bytes: Buffer | null): Promise<void> {
  if (bytes !== null && bytes.length > LOGO_BYTES_MAX) throw new Failure('payload_too_large');
  const type = bytes === null ? null : imageType(bytes);
  if (bytes !== null && (type === null || readPicture(bytes) === null)) {
    const message = 'A whole PNG (not interlaced) or JPEG of at most two million pixels is expected.';
    throw refused([{ path: 'logo', message }]);
  }
  await writeLogo(tx, bytes && type ? { bytes, type } : null);
  const action = bytes === null ? 'logo.removed' : 'logo.changed';
  await recordAudit(tx, caller, { action, subjectKind: null, subjectId: null });
}

/** By its first bytes, whatever it calls itself. */
function imageType(bytes: Buffer): 'image/png' | 'image/jpeg' | null {
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png';
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff ? 'image/jpeg' : null;
}

function filled(part: Readonly<Record<string, string | undefined>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(part ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** ISO 13616: letters become numbers, the first four characters go to the end, the rest of 97 is 1. */
export function isIban(text: string): boolean {
  const digits = [...(text.slice(4) + text.slice(0, 4))].map((character) => Number.parseInt(character, 36)).join('');
  return /^\d+$/.test(digits) && BigInt(digits) % 97n === 1n;
}
