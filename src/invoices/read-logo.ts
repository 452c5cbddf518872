import type { WorkspaceTx } from '../foundation/database.ts';
import { type Picture, readPicture } from '../foundation/pdf-picture.ts';
import { readLogo } from './store-catalogue.ts';

/** The business's logo as it was given: its bytes, their media type, and the picture that a PDF takes. */
export interface Logo {
  readonly bytes: Buffer;
  readonly type: string;
  readonly picture: Picture | null;
}

/** Null where there is none. */
export async function readBusinessLogo(tx: WorkspaceTx): Promise<Logo | null> {
  const row = await readLogo(tx);
  return row && { bytes: row.logo, type: row.logo_type, picture: readPicture(row.logo) };
}
