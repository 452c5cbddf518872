import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { check } from './assert.ts';
import { newNonce } from './id.ts';

/**
 * Seals secrets that must be read again (keys of gateways): AES-256-GCM under an envelope key that is not in the
 * database. A sealed text names the key it was made with and can be opened only in the context it was sealed for, so
 * that a row copied to another workspace or column opens nothing.
 */
export interface SecretBox {
  /** `context` says what the secret belongs to, e.g. workspace, row and column; the same is needed to open it. */
  seal(secret: string, context: string): string;
  /** Throws SecretUnreadable when the key is unknown here, or the text was changed or belongs elsewhere. */
  open(sealed: string, context: string): string;
  /** False for what was sealed with an older key and should be sealed anew. */
  isCurrent(sealed: string): boolean;
}

/** A sealed secret that cannot be opened here. Its message never holds anything of the secret. */
export class SecretUnreadable extends Error {
  override name = 'SecretUnreadable';
}

export const ENVELOPE_KEY_BYTES = 32;
/** What GCM is made for; it must never come twice under one key, and 96 random bits do not. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1';

/** Where envelope keys are kept: read anew before something is sealed, and when a key is met that was not there before. */
export type KeySource = () => readonly Uint8Array[];

interface KeyRing {
  readonly current: Uint8Array;
  readonly currentId: string;
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes a box over envelope keys of 32 bytes: the first seals, all of them open (while keys are being changed). Over a
 * source of keys, a program that runs takes up a new key without being started again.
 */
export function makeSecretBox(keys: readonly Uint8Array[] | KeySource): SecretBox {
  let ring = ringOf(typeof keys === 'function' ? keys() : keys);

  /** What cannot be read at this moment (somebody writes the file) leaves the keys as they are known. */
  function readAgain(): void {
    if (typeof keys !== 'function') return;
    try {
      ring = ringOf(keys());
    } catch {}
  }

  return {
    seal(secret, context) {
      readAgain();
      const { current, currentId } = ring;
      const nonce = newNonce(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current, nonce);
      cipher.setAAD(Buffer.from(`${currentId}\n${context}`));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [FORMAT, currentId, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },

    open(sealed, context) {
      const [format, keyId = '', nonceText = '', bodyText = ''] = sealed.split('.');
      if (!ring.byId.has(keyId)) readAgain();
      const key = ring.byId.get(keyId);
      if (format !== FORMAT || !key) {
        throw new SecretUnreadable(
          `A secret was sealed with the envelope key ${keyId || '(none)'}, which is not known.`,
        );
      }
      const nonce = Buffer.from(nonceText, 'base64url');
      const body = Buffer.from(bodyText, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(`${keyId}\n${context}`));
        decipher.setAuthTag(body.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch {
        throw new SecretUnreadable('A sealed secret was changed, or does not belong where it was found.');
      }
    },

    isCurrent: (sealed) => sealed.startsWith(`${FORMAT}.${ring.currentId}.`),
  };
}

function ringOf(keys: readonly Uint8Array[]): KeyRing {
  const [current] = keys;
  check(current, 'a secret box has a key');
  for (const key of keys) check(key.length === ENVELOPE_KEY_BYTES, `an envelope key has ${ENVELOPE_KEY_BYTES} bytes`);
  return { current, currentId: keyIdOf(current), byId: new Map(keys.map((key) => [keyIdOf(key), key])) };
}

/** How many sealed texts are under the newest key now, were so before, and are opened by none of the keys. */
export interface Resealed {
  readonly anew: number;
  readonly already: number;
  readonly unreadable: number;
}

/** A sealed text under the newest key. One that is so already, or that none of the keys opens, stays as it is. */
export function sealAnew(
  box: SecretBox,
  sealed: string,
  context: string,
): { readonly became: keyof Resealed; readonly sealed: string } {
  if (box.isCurrent(sealed)) return { became: 'already', sealed };
  try {
    return { became: 'anew', sealed: box.seal(box.open(sealed, context), context) };
  } catch (error) {
    if (error instanceof SecretUnreadable) return { became: 'unreadable', sealed };
    throw error;
  }
}

/** Tells keys apart without telling anything of them. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update('envelope key').update(key).digest('hex').slice(0, 12);
}

/** A secret as it may be shown: how it begins and ends. Short ones show nothing but that they are there. */
export function maskSecret(secret: string): string {
  if (secret.length < 12) return '••••';
  const beginning = /^(?:[a-z]+_)*/i.exec(secret)?.[0] ?? '';
  const shown = beginning.length <= secret.length / 2 ? beginning : '';
  return `${shown}••••${secret.slice(-4)}`;
}
