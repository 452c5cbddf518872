/** Where the postal code comes after the town, on one line with the state. */
const CODE_AFTER_TOWN = new Set(['AU', 'CA', 'GB', 'IE', 'IN', 'NZ', 'SG', 'US', 'ZA']);

/** Town, state and postal code in the order of their country; empty parts leave nothing behind. */
export function townLines(
  { city, region, postal_code: code }: { readonly city: string; readonly region: string; readonly postal_code: string },
  country: string,
): string[] {
  const joined = (parts: string[], between: string) => parts.filter((part) => part !== '').join(between);
  if (CODE_AFTER_TOWN.has(country)) return [joined([joined([city, region], ', '), code], ' ')];
  return [joined([code, city], ' '), region];
}

const countries = new Map<string, Intl.DisplayNames>();

/** The name of a country (ISO 3166, two letters) in a language; its code where it has none. */
export function countryName(code: string, language: string): string {
  const names = countries.get(language) ?? new Intl.DisplayNames([language], { type: 'region' });
  countries.set(language, names);
  return names.of(code) ?? code;
}
