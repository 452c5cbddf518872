/** How a customer agreed, in a sentence. */
export const CHANNEL_WORDS = { web: 'on the web', phone: 'by telephone', paper: 'on paper' } as const;
export type ConsentChannel = keyof typeof CHANNEL_WORDS;
