/**
 * The language that the browser asks for, as a tag that Intl takes. Browsers on machines without language settings
 * give names of the operating system ("en-US@posix"), on which every formatter would fail.
 */
export function browserLocale(): string {
  for (const name of [...navigator.languages, navigator.language]) {
    const tag = name?.split(/[@.]/)[0]?.replace('_', '-');
    if (!tag) continue;
    try {
      const [canonical] = Intl.getCanonicalLocales(tag);
      if (canonical) return canonical;
    } catch {
      // The next one, then.
    }
  }
  return 'en';
}
