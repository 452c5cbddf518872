import { toDecimalText } from '../foundation/money.ts';

/** A transfer in euros as banking apps read it from a QR code. */
export interface EpcTransfer {
  readonly name: string;
  readonly iban: string;
  readonly bic: string;
  /** Euro cents, from one to EPC_AMOUNT_MINOR_MAX. */
  readonly amountMinor: bigint;
  /** What the customer's statement and ours say it is for. */
  readonly reference: string;
}

/** 999,999,999.99 euros: what the guideline allows. */
export const EPC_AMOUNT_MINOR_MAX = 99_999_999_999n;

/**
 * The text of the code as EPC069-12 version 002 lays it down: a line per element, UTF-8, at most 331 bytes. Null where
 * there is nothing to transfer, or no account to transfer it to.
 */
export function epcText(transfer: EpcTransfer): string | null {
  const { name, iban, bic, amountMinor, reference } = transfer;
  if (iban === '' || name.trim() === '' || amountMinor < 1n || amountMinor > EPC_AMOUNT_MINOR_MAX) return null;
  const amount = `EUR${toDecimalText(amountMinor, 'EUR')}`;
  // Purpose and structured reference stay empty; empty lines at the end may be left off.
  const lines = ['BCD', '002', '1', 'SCT', bic, oneLine(name, 70), iban, amount, '', '', oneLine(reference, 140)];
  return lines.join('\n').trimEnd();
}

function oneLine(text: string, lengthMax: number): string {
  return Array.from(text.replace(/\s+/g, ' ').trim()).slice(0, lengthMax).join('');
}
