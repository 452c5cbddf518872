/** Fields of requests that depend on how this program is set up. */
export interface RequestFields {
  /** Names that are left out of every request that creates something, for servers that do not know them. */
  readonly omitted: ReadonlySet<string>;
  /** `webhookUrl`, or nothing where Mollie could not reach this program anyway. */
  webhook(workspaceId: string): Promise<{ readonly webhookUrl?: string }>;
  /** Where the customer's browser goes after Mollie's page. */
  returnUrl(): string;
}

/** What a request needs to mean what it means: never left out. */
const NEEDED = new Set([
  'amount',
  'paymentId',
  'customerId',
  'mandateId',
  'sequenceType',
  'description',
  'metadata',
  'idempotencyKey',
]);

/** A copy without the omitted fields. */
export function without<T extends object>(omitted: ReadonlySet<string>, parameters: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => NEEDED.has(name) || !omitted.has(name)),
  ) as Partial<T>;
}

/**
 * Whether Mollie can call this address from the internet. It refuses a payment whose webhook it could not reach, so on a
 * computer of one's own payments are made without, and what became of them is found by asking.
 */
export function isReachableFromOutside(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  if (/^(localhost|.*\.localhost|.*\.local|.*\.test|.*\.internal|\[::1?\]|\[f[cde].*\])$/i.test(hostname)) return false;
  const octets = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname);
  if (!octets) return hostname.includes('.') || hostname.startsWith('[');
  const [first, second] = [Number(octets[1]), Number(octets[2])];
  const isPrivate =
    first === 10 ||
    first === 127 ||
    first === 0 ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 172 && second >= 16 && second <= 31);
  return !isPrivate;
}
