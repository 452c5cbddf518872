import type { SeededRandom } from './seeded-random.ts';

/** A country that customers of the sample come from. Names are common ones, put together at random; nobody is meant. */
interface Origin {
  readonly country: string;
  readonly weight: number;
  readonly locale: string;
  /** Whether people from here pay in the second currency. */
  readonly paysInSecond: boolean;
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly cities: readonly string[];
  readonly streets: readonly string[];
  /** Each # is a digit. Ranges that are kept free for stories where the country has one. */
  readonly phone: string;
  readonly postalCode: string;
}

const words = (text: string) => text.split(', ');

export const ORIGINS: readonly Origin[] = [
  {
    country: 'US',
    weight: 44,
    locale: 'en-US',
    paysInSecond: false,
    first: words(
      'Emma, Liam, Olivia, Noah, Ava, Ethan, Sophia, Mason, Maya, Lucas, Grace, Henry, Zoe, Caleb, Naomi, Owen, Ruth, Miles, June, Theo',
    ),
    last: words(
      'Carter, Bennett, Hayes, Morales, Whitfield, Brooks, Lindqvist, Okafor, Delgado, Marsh, Pruitt, Sandoval, Foley, Kim, Tran, Harlow, Vance, Ibarra, Quinn, Abbott',
    ),
    cities: words('Portland, Astoria, Salem, Bend, Eugene'),
    streets: words('Alder Street, Harbor Road, Mill Lane, Juniper Avenue, Front Street'),
    phone: '+1 503 555 01##',
    postalCode: '97###',
  },
  {
    country: 'GB',
    weight: 12,
    locale: 'en-GB',
    paysInSecond: false,
    first: words('Imogen, Rhys, Harriet, Callum, Poppy, Alistair, Bethan, Declan, Freya, Tariq'),
    last: words('Ashworth, Pemberton, Llewellyn, Okonkwo, Hargreaves, Patel, Fairclough, Sutherland, Mbeki, Thorne'),
    cities: words('Bristol, Leith, Whitby'),
    streets: words('Quay Street, Chapel Row, Orchard Close'),
    phone: '+44 117 496 0###',
    postalCode: 'BS# #AB',
  },
  {
    country: 'CA',
    weight: 9,
    locale: 'en-CA',
    paysInSecond: false,
    first: words('Amélie, Connor, Chloé, Mateo, Sienna, Rohan, Élise, Grayson'),
    last: words('Tremblay, MacLeod, Gagnon, Singh, Bouchard, Fraser, Nguyen, Lavoie'),
    cities: words('Victoria, Nanaimo, Québec'),
    streets: words('Douglas Street, Rue Cartier, Bay Avenue'),
    phone: '+1 250 555 01##',
    postalCode: 'V#A #K#',
  },
  {
    country: 'DE',
    weight: 8,
    locale: 'de-DE',
    paysInSecond: true,
    first: words('Jürgen, Annika, Matthias, Käthe, Lukas, Friederike, Jonas, Sabine'),
    last: words('Schäfer, Großmann, Vogel, Brandt, Köhler, Lindemann, Yılmaz, Hoffmann'),
    cities: words('Hamburg, Bremen, Kiel'),
    streets: words('Hafenstraße, Lindenweg, Am Deich'),
    phone: '+49 30 23125 ###',
    postalCode: '2####',
  },
  {
    country: 'FR',
    weight: 6,
    locale: 'fr-FR',
    paysInSecond: true,
    first: words('Camille, Théo, Inès, Baptiste, Manon, Léa'),
    last: words('Lefèvre, Moreau, Garnier, Benali, Rousseau, Chevalier'),
    cities: words('Nantes, Brest'),
    streets: words('Rue du Port, Quai de la Fosse'),
    phone: '+33 1 99 00 ## ##',
    postalCode: '44###',
  },
  {
    country: 'ES',
    weight: 5,
    locale: 'es-ES',
    paysInSecond: true,
    first: words('Lucía, Álvaro, Carmen, Íñigo, Paula'),
    last: words('Muñoz, Echeverría, Castellano, Peña, Vidal'),
    cities: words('Bilbao, Cádiz'),
    streets: words('Calle Mayor, Paseo del Puerto'),
    phone: '+34 944 55 ## ##',
    postalCode: '48###',
  },
  {
    country: 'NL',
    weight: 3,
    locale: 'nl-NL',
    paysInSecond: true,
    first: words('Sanne, Daan, Fleur, Joost'),
    last: words('van den Berg, de Wit, Hendriks, Bakker'),
    cities: words('Rotterdam, Haarlem'),
    streets: words('Havenkade, Molenstraat'),
    phone: '+31 10 555 01##',
    postalCode: '30## AB',
  },
  {
    country: 'IN',
    weight: 4,
    locale: 'en-IN',
    paysInSecond: false,
    first: words('Ananya, Vikram, Priya, Arjun'),
    last: words('Iyer, Deshpande, Kapoor, Banerjee'),
    cities: words('Pune, Kochi'),
    streets: words('MG Road, Fort Road'),
    phone: '+91 20 5550 1###',
    postalCode: '411###',
  },
  {
    country: 'JP',
    weight: 4,
    locale: 'ja-JP',
    paysInSecond: false,
    first: words('Haruka, Kenji, Aoi, Daichi'),
    last: words('Tanaka, Morimoto, Fujita, Shimizu'),
    cities: words('Kobe, Yokohama'),
    streets: words('Minato 2-4, Kaigan 1-8'),
    phone: '+81 78 555 01##',
    postalCode: '650-####',
  },
  {
    country: 'BR',
    weight: 3,
    locale: 'pt-BR',
    paysInSecond: false,
    first: words('Thiago, Beatriz, João, Larissa'),
    last: words('Gonçalves, Ribeiro, Araújo, Monteiro'),
    cities: words('Santos, Recife'),
    streets: words('Rua da Praia, Avenida Beira-Mar'),
    phone: '+55 13 5550 1###',
    postalCode: '11###-###',
  },
  {
    country: 'NG',
    weight: 2,
    locale: 'en-NG',
    paysInSecond: false,
    first: words('Chidinma, Tunde, Amara, Emeka'),
    last: words('Adeyemi, Nwosu, Balogun, Eze'),
    cities: words('Lagos'),
    streets: words('Marina Road, Palm Avenue'),
    phone: '+234 1 555 01##',
    postalCode: '101###',
  },
];

export const COMPANIES: readonly string[] = [
  'Alder & Finch Architects',
  'Bluewater Physiotherapy',
  'Cedar Row School',
  'Driftwood Coffee Roasters',
  'Eastgate Dental',
  'Fathom Software',
  'Greenline Cycling Club',
  'Harbourview Hotel',
  'Ironbark Climbing',
  'Juniper Street Theatre',
  'Kestrel Logistics',
  'Lantern Publishing',
  'Meridian Youth Orchestra',
  'North Quay Brewing',
  'Orchard Veterinary Practice',
  'Pier Nine Rowing',
  'Quill & Ember Bookshop',
  'Riverstone Hospice',
];

/** Replaces each # of a pattern by a digit. */
export function fillDigits(pattern: string, random: SeededRandom): string {
  return pattern.replace(/#/g, () => String(random.whole(0, 9)));
}

/** The part of an address before the @, in plain letters: “Jürgen Großmann” → "jurgen.grossmann". */
export function mailboxOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .replace(/ı/g, 'i')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^\.|\.$/g, '');
}
