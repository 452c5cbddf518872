export { consentWords } from '../../../src/payments/consent.ts';

/** How a customer may agree that their card is kept, and what they agree to. */
export const CONSENT_CHANNELS = ['phone', 'web', 'paper'] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export const CHANNEL_WORDS: Record<ConsentChannel, { label: string; does: string }> = {
  phone: { label: 'On the telephone', does: 'Read this to the customer and wait for a yes:' },
  web: { label: 'On this screen', does: 'Let the customer read this before they go on:' },
  paper: { label: 'On paper', does: 'The customer has signed this:' },
};
