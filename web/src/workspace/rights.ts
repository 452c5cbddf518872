import type { Right, Role } from '../../../src/workspace/caller.ts';

/** What each right lets somebody do, as it stands beside its box. */
export const RIGHT_WORDS: Record<Right, string> = {
  'contacts.read': 'See contacts',
  'contacts.write': 'Add and change contacts',
  'payments.read': 'See payments and lifetime values',
  'payments.charge': 'Charge saved cards',
  'payments.refund': 'Refund payments',
  'payments.record_offline': 'Record cash, cheques and transfers',
  'invoices.read': 'See invoices and quotes',
  'invoices.write': 'Write, issue and credit invoices',
  export: 'Export lists as files',
  import: 'Import files and undo imports',
  'settings.read': 'See settings',
  'settings.write': 'Change settings, switches and limits',
  'members.write': 'Invite, change and remove members',
  'audit.read': 'Read the audit log',
};

export const ROLE_WORDS: Record<Role, { name: string; what: string }> = {
  owner: { name: 'Owner', what: 'Everything, and makes other owners' },
  admin: { name: 'Admin', what: 'Everything but making owners' },
  staff: { name: 'Staff', what: 'Contacts, charging and recording payments; no refunds, exports or settings' },
  viewer: { name: 'Viewer', what: 'Sees contacts and payments, changes nothing' },
};

export const ROLE_CHOICES = (Object.keys(ROLE_WORDS) as Role[]).map((role) => ({
  value: role,
  label: ROLE_WORDS[role].name,
}));
