/** Languages that the program's own words of messages are in. A language is a table in message-translations.ts. */
export const MESSAGE_LANGUAGES = ['en', 'de', 'fr', 'es', 'nl', 'it'] as const;
export type MessageLanguage = (typeof MESSAGE_LANGUAGES)[number];

/** The language whose words go to a customer of this locale (BCP 47): English where there are none of theirs. */
export function messageLanguage(locale: string): MessageLanguage {
  const [asked = ''] = locale.toLowerCase().split(/[-_]/);
  return MESSAGE_LANGUAGES.find((language) => language === asked) ?? 'en';
}
