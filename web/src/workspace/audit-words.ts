/** Areas of the log that one may ask for: the part of an action before its dot. */
export const AUDIT_AREAS: readonly { value: string; label: string }[] = [
  { value: 'charge', label: 'Charges' },
  { value: 'refund', label: 'Refunds' },
  { value: 'offline_payment', label: 'Payments recorded by hand' },
  { value: 'payment', label: 'Payments dealt with' },
  { value: 'payment_method', label: 'Cards' },
  { value: 'contact', label: 'Contacts' },
  { value: 'company', label: 'Companies' },
  { value: 'import', label: 'Imports' },
  { value: 'export', label: 'Exports' },
  { value: 'switch', label: 'Switches' },
  { value: 'charge_limits', label: 'Limits' },
  { value: 'workspace', label: 'Settings' },
  { value: 'custom_field', label: 'Custom fields' },
  { value: 'member', label: 'Members' },
  { value: 'invitation', label: 'Invitations' },
  { value: 'api_key', label: 'API keys' },
  { value: 'sandbox_clock', label: 'Sandbox clock' },
  { value: 'sample_business', label: 'Sample business' },
];

/** "payment_method.added" → "Payment method added". */
export function actionWords(action: string): string {
  const words = action.replace(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the address of the log says. */
export interface AuditSearch {
  action?: string;
  actor?: string;
  subject?: string;
}

/** Reads an address; what is not understood is left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const { action, actor, subject } = search;
  return {
    ...(typeof action === 'string' && /^[a-z_]+(\.[a-z_]+)?$/.test(action) ? { action } : {}),
    ...(typeof actor === 'string' && /^[a-z]{3}_[0-9a-z]{26}$/.test(actor) ? { actor } : {}),
    ...(typeof subject === 'string' && /^[a-z]{3}_[0-9a-z]{26}$/.test(subject) ? { subject } : {}),
  };
}
