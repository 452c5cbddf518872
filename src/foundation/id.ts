import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import { systemClock } from './clock.ts';

/**
 * Ids are UUIDv7 inside and prefixed Crockford base 32 outside (`con_01jd…`): 26 characters that sort as the uuid does
 * and survive being read over the phone. Id order is never taken for time order (clocks of several servers differ).
 */
const PREFIXES = {
  workspace: 'wsp',
  user: 'usr',
  member: 'mem',
  invitation: 'ivt',
  apiKey: 'key',
  contact: 'con',
  company: 'com',
  note: 'not',
  merge: 'mrg',
  customField: 'fld',
  smartList: 'lst',
  paymentMethod: 'pmt',
  payment: 'pay',
  receipt: 'rcp',
  entry: 'ent',
  event: 'evt',
  import: 'imp',
  audit: 'aud',
  cardForm: 'crd',
  cardLink: 'clk',
  customerLink: 'mlk',
  outbox: 'obx',
  link: 'lnk',
  invoice: 'inv',
  product: 'prd',
  tax: 'tax',
  terms: 'trm',
  series: 'ser',
  recurring: 'rec',
  allocation: 'alc',
  attachment: 'att',
  usage: 'usg',
  workItem: 'wrk',
  gatewayConnection: 'gwc',
  payout: 'pyo',
  message: 'msg',
  documentLink: 'dlk',
} as const;

export type IdKind = keyof typeof PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const RANDOM_BYTES_PER_ID = 16;
/** Random bytes are asked for in this many: asking costs ten microseconds, however few. */
const pool = new Uint8Array(256 * RANDOM_BYTES_PER_ID);
let poolUsed = pool.length;
let lastMoment = 0;
let sequence = 0;

/** A new UUIDv7 in its plain lower-case text form; those of one process ascend. */
export function newId(): string {
  if (poolUsed === pool.length) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const random = pool.subarray(poolUsed, poolUsed + RANDOM_BYTES_PER_ID);
  poolUsed += RANDOM_BYTES_PER_ID;
  const now = systemClock.now().getTime();
  if (now > lastMoment) {
    lastMoment = now;
    // Begins in the lower half of its 32 bits, so that a millisecond holds two thousand million more.
    sequence = (((random[6]! & 0x7f) << 24) | (random[7]! << 16) | (random[8]! << 8) | random[9]!) >>> 0;
  } else {
    sequence += 1;
    if (sequence > 0xffff_ffff) {
      sequence = 0;
      lastMoment += 1;
    }
  }
  return v7({ msecs: lastMoment, seq: sequence, random });
}

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** uuid → `con_…`. */
export function toPublicId(kind: IdKind, uuid: string): string {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return `${PREFIXES[kind]}_${text}`;
}

/** `con_…` → uuid, or null when it is not an id of that kind. */
export function fromPublicId(kind: IdKind, publicId: string): string | null {
  const prefix = `${PREFIXES[kind]}_`;
  if (!publicId.startsWith(prefix) || publicId.length !== prefix.length + 26) return null;
  let value = 0n;
  for (const character of publicId.slice(prefix.length)) {
    const digit = ALPHABET.indexOf(character);
    if (digit === -1) return null;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n !== 0n) return null;
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Any public id → its kind and uuid; null when no kind has it. */
export function anyFromPublicId(publicId: string): { readonly kind: IdKind; readonly uuid: string } | null {
  for (const kind of Object.keys(PREFIXES) as IdKind[]) {
    const uuid = fromPublicId(kind, publicId);
    if (uuid !== null) return { kind, uuid };
  }
  return null;
}

export function prefixOf(kind: IdKind): string {
  return PREFIXES[kind];
}

/** A secret for a link or an API key: 32 random bytes, URL-safe. Only its hash is ever stored. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Random bytes that make one sealing unlike every other (foundation/secret-box.ts). */
export function newNonce(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** SHA-256 in hex; enough for secrets of 256 random bits (not for passwords). */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
