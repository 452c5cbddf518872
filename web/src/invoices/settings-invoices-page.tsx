export function SettingsInvoicesPage() {
  return null;
}
