/** Version of the words below; kept with every card, so that it can be told what its owner agreed to. */
export const CONSENT_TEXT_VERSION = '2026-11';

/** What a customer agrees to when their card is kept, as they hear, read or sign it. Also in docs/help/card-links.md. */
export function consentWords(businessName: string): string {
  return (
    `I agree that ${businessName} keeps my card with its payment provider and charges it for what I order or owe. ` +
    'I can withdraw this at any time, and the card is then removed.'
  );
}

/** Version of the words below; kept with the agreement. */
export const AUTO_CHARGE_TEXT_VERSION = '2026-11';

/** What a customer agrees to before invoices are charged by themselves, as they hear, read or sign it. */
export function autoChargeWords(businessName: string): string {
  return (
    `I agree that ${businessName} charges my saved card for its invoices to me on their due dates, without asking each time, ` +
    'and tries again within some days where a bank says that this may help. I am told when it cannot be charged. ' +
    'I can withdraw this at any time.'
  );
}
