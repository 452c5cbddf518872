import { COUNTRY_CODES, isCountry } from '../contacts/country.ts';

/**
 * Country names of files → ISO 3166-1 alpha-2. Names are those of Unicode's English list, which the runtime carries;
 * the table below adds what files call them besides. Null: a name that is known and is no one country.
 */
const ALSO_KNOWN_AS: Readonly<Record<string, string | null>> = {
  eire: 'IE',
  'republic of ireland': 'IE',
  usa: 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  rsa: 'ZA',
  uae: 'AE',
  'czech republic': 'CZ',
  'hong kong': 'HK',
  macau: 'MO',
  turkey: 'TR',
  'south korea': 'KR',
  korea: 'KR',
  'the netherlands': 'NL',
  holland: 'NL',
  'viet nam': 'VN',
  'russian federation': 'RU',
  'ivory coast': 'CI',
  'cape verde': 'CV',
  burma: 'MM',
  deutschland: 'DE',
  österreich: 'AT',
  schweiz: 'CH',
  suisse: 'CH',
  españa: 'ES',
  italia: 'IT',
  // Two countries (Jersey and Guernsey), a union of them, and nothing said.
  'channel islands': null,
  'european community': null,
  'european union': null,
  unspecified: null,
  unknown: null,
};

const byName = new Map<string, string | null>();
const english = new Intl.DisplayNames(['en'], { type: 'region' });
for (const code of COUNTRY_CODES) byName.set((english.of(code) ?? code).toLowerCase(), code);
for (const [name, code] of Object.entries(ALSO_KNOWN_AS)) byName.set(name, code);

/** The code of a country's name or code; null where the name means no one country; undefined where it is not known. */
export function countryCodeOf(text: string): string | null | undefined {
  const name = text.trim();
  if (name === '') return null;
  const code = name.toUpperCase();
  if (isCountry(code)) return code;
  return byName.get(name.toLowerCase());
}
