export function ToInvoicePage() {
  return null;
}
