import { Failure } from '../foundation/failure.ts';

/** What somebody may do. Roles are sets of these; API keys carry their own selection. */
export const RIGHTS = [
  'contacts.read',
  'contacts.write',
  'payments.read',
  'payments.charge',
  'payments.refund',
  'payments.record_offline',
  'invoices.read',
  'invoices.write',
  'export',
  'import',
  'settings.read',
  'settings.write',
  'members.write',
  'audit.read',
] as const;
export type Right = (typeof RIGHTS)[number];

export const ROLES = ['owner', 'admin', 'staff', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const RIGHTS_OF_ROLE: Record<Role, readonly Right[]> = {
  owner: RIGHTS,
  admin: RIGHTS,
  staff: [
    'contacts.read',
    'contacts.write',
    'payments.read',
    'payments.charge',
    'payments.record_offline',
    'invoices.read',
    'invoices.write',
    'settings.read',
  ],
  viewer: ['contacts.read', 'payments.read', 'invoices.read', 'settings.read'],
};

export const SWITCHES = {
  payments_and_ltv: { label: 'Payments and Customer LTV', byDefault: true },
  charge_customers_directly: { label: 'Charge Customers Directly', byDefault: true },
} as const;
export type SwitchName = keyof typeof SWITCHES;

/** Name, address and tax id of the business, as its receipts print them. */
export interface LegalDetails {
  readonly name?: string;
  readonly address?: string;
  readonly tax_id?: string;
}

/** Facts of the workspace that every request needs; read afresh for each request, so that changes act at once. */
export interface WorkspaceFacts {
  readonly id: string;
  readonly name: string;
  readonly mode: 'sandbox' | 'live';
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: string;
  readonly switches: Readonly<Record<SwitchName, boolean>>;
  /** role or 'workspace' → currency → most minor units in one charge */
  readonly chargeLimits: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How far the sandbox's clock was moved; 0 in live workspaces. */
  readonly clockOffsetMs: number;
  /** As receipts print the business. */
  readonly legal: LegalDetails;
}

/** Who asks, with which rights, in which workspace, at what moment. */
export interface Caller {
  readonly kind: 'member' | 'api_key' | 'system';
  /** Member id, API key id; null for the system itself. */
  readonly id: string | null;
  readonly userId: string | null;
  readonly name: string;
  readonly role: Role | null;
  readonly rights: ReadonlySet<Right>;
  readonly ip: string | null;
  readonly workspace: WorkspaceFacts;
  /** The workspace's now: the system clock, moved by the sandbox's offset. */
  readonly now: Date;
  /**
   * Known from an earlier request: rights, switches, limits and the clock may have changed since. Whoever acts for such a
   * caller reads them again in the transaction that acts (readCallersAgain). Only routes that say so get one.
   */
  readonly remembered?: true;
}

/** Throws right_missing (403) naming the right. */
export function requireRight(caller: Caller, right: Right): void {
  if (!caller.rights.has(right)) {
    throw new Failure('right_missing', `This needs the right “${right}”, which ${caller.name} does not have.`, {
      facts: { right },
    });
  }
}

/** Charging directly also needs payments to be on at all. */
function switchOff(caller: Caller, name: SwitchName): SwitchName | null {
  if (!caller.workspace.switches.payments_and_ltv) return 'payments_and_ltv';
  return caller.workspace.switches[name] ? null : name;
}

export function isSwitchOn(caller: Caller, name: SwitchName): boolean {
  return switchOff(caller, name) === null;
}

/** Throws feature_off (403) naming the switch. */
export function requireSwitch(caller: Caller, name: SwitchName): void {
  const off = switchOff(caller, name);
  if (off) {
    throw new Failure('feature_off', `“${SWITCHES[off].label}” is switched off for this workspace.`, {
      facts: { switch: off },
    });
  }
}

/** Throws sandbox_only (403) in a live workspace. */
export function requireSandbox(caller: Caller): void {
  if (caller.workspace.mode !== 'sandbox') throw new Failure('sandbox_only');
}

/** The caller that jobs and repairs act as. */
export function systemCaller(workspace: WorkspaceFacts, systemNow: Date, name = 'Counterfoil'): Caller {
  return {
    kind: 'system',
    id: null,
    userId: null,
    name,
    role: null,
    rights: new Set(RIGHTS),
    ip: null,
    workspace,
    now: new Date(systemNow.getTime() + workspace.clockOffsetMs),
  };
}
