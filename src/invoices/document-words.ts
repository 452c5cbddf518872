import type { DocumentKind } from './invoice.ts';

/** The words of documents in one language; {braces} are filled in by `fill()`. */
export interface DocumentWords {
  /** BCP 47, of these words. */
  readonly language: string;
  readonly title: Readonly<Record<DocumentKind, string>>;
  readonly number: string;
  readonly date: string;
  readonly due: string;
  readonly validUntil: string;
  readonly reference: string;
  readonly period: string;
  readonly about: string;
  readonly aboutOf: string;
  readonly billTo: string;
  readonly taxId: string;
  readonly registration: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly tax: string;
  readonly amount: string;
  readonly included: string;
  readonly discount: string;
  readonly subtotal: string;
  readonly taxOn: string;
  readonly total: string;
  readonly payment: string;
  readonly instalment: string;
  readonly early: string;
  readonly accountHolder: string;
  readonly bank: string;
  readonly paymentReference: string;
  readonly scan: string;
  readonly page: string;
  readonly draft: string;
  readonly draftNote: string;
  readonly testNote: string;
  readonly notAllLetters: string;
  readonly terms: {
    readonly immediate: string;
    readonly net: string;
    readonly endOfMonth: string;
    readonly afterEndOfMonth: string;
    readonly dayOfThisMonth: string;
    readonly dayOfNextMonth: string;
    readonly dayOfLaterMonth: string;
    readonly instalments: string;
    readonly afterDeposit: string;
    readonly early: string;
  };
}

const ENGLISH: DocumentWords = {
  language: 'en',
  title: { invoice: 'Invoice', credit_note: 'Credit note', quote: 'Quote' },
  number: 'Number',
  date: 'Date',
  due: 'Due',
  validUntil: 'Valid until',
  reference: 'Your reference',
  period: 'Period',
  about: 'Credits',
  aboutOf: '{number} of {date}',
  billTo: 'To',
  taxId: 'Tax id {id}',
  registration: 'Registration {id}',
  description: 'Description',
  quantity: 'Quantity',
  unitPrice: 'Price',
  tax: 'Tax',
  amount: 'Amount',
  included: '{rate} incl.',
  discount: 'Discount',
  subtotal: 'Subtotal without tax',
  taxOn: '{label} on {base}',
  total: 'Total',
  payment: 'Payment',
  instalment: 'Part {number}, due {date}',
  early: '{amount} less if paid by {date}',
  accountHolder: 'Account holder',
  bank: 'Bank',
  paymentReference: 'Payment reference',
  scan: 'Scan with a banking app to transfer {amount}.',
  page: 'Page {page} of {pages}',
  draft: 'DRAFT',
  draftNote: 'A preview: not issued, and without a number.',
  testNote: 'TEST: made in a sandbox. Nothing is owed for this document.',
  notAllLetters:
    'Some characters of this document have no form in its typefaces and were replaced. The exact text is kept with it.',
  terms: {
    immediate: 'Due at once',
    net: 'Due within {days} days',
    endOfMonth: 'Due at the end of the month',
    afterEndOfMonth: 'Due {days} days after the end of the month',
    dayOfThisMonth: 'Due on day {day} of the month',
    dayOfNextMonth: 'Due on day {day} of the next month',
    dayOfLaterMonth: 'Due on day {day} of the month {months} months on',
    instalments: '{count} instalments',
    afterDeposit: 'A deposit at once, then: {terms}',
    early: '{percent} % off if paid within {days} days',
  },
};

const GERMAN: DocumentWords = {
  language: 'de',
  title: { invoice: 'Rechnung', credit_note: 'Rechnungskorrektur', quote: 'Angebot' },
  number: 'Nummer',
  date: 'Datum',
  due: 'Fällig am',
  validUntil: 'Gültig bis',
  reference: 'Ihr Zeichen',
  period: 'Zeitraum',
  about: 'Zu Rechnung',
  aboutOf: '{number} vom {date}',
  billTo: 'An',
  taxId: 'USt-IdNr. / Steuernummer {id}',
  registration: 'Registernummer {id}',
  description: 'Beschreibung',
  quantity: 'Menge',
  unitPrice: 'Preis',
  tax: 'Steuer',
  amount: 'Betrag',
  included: '{rate} inkl.',
  discount: 'Rabatt',
  subtotal: 'Zwischensumme ohne Steuer',
  taxOn: '{label} auf {base}',
  total: 'Gesamtbetrag',
  payment: 'Zahlung',
  instalment: '{number}. Rate, fällig am {date}',
  early: '{amount} weniger bei Zahlung bis {date}',
  accountHolder: 'Kontoinhaber',
  bank: 'Bank',
  paymentReference: 'Verwendungszweck',
  scan: 'Mit der Banking-App scannen, um {amount} zu überweisen.',
  page: 'Seite {page} von {pages}',
  draft: 'ENTWURF',
  draftNote: 'Eine Vorschau: nicht ausgestellt und ohne Nummer.',
  testNote: 'TEST: in einer Testumgebung erstellt. Für dieses Dokument ist nichts zu zahlen.',
  notAllLetters:
    'Einige Zeichen dieses Dokuments fehlen in seinen Schriften und wurden ersetzt. Der genaue Text ist mit ihm gespeichert.',
  terms: {
    immediate: 'Sofort fällig',
    net: 'Fällig innerhalb von {days} Tagen',
    endOfMonth: 'Fällig am Monatsende',
    afterEndOfMonth: 'Fällig {days} Tage nach Monatsende',
    dayOfThisMonth: 'Fällig am {day}. des Monats',
    dayOfNextMonth: 'Fällig am {day}. des Folgemonats',
    dayOfLaterMonth: 'Fällig am {day}. des {months}. Monats danach',
    instalments: '{count} Raten',
    afterDeposit: 'Anzahlung sofort, danach: {terms}',
    early: '{percent} % Skonto bei Zahlung innerhalb von {days} Tagen',
  },
};

const FRENCH: DocumentWords = {
  language: 'fr',
  title: { invoice: 'Facture', credit_note: 'Avoir', quote: 'Devis' },
  number: 'Numéro',
  date: 'Date',
  due: 'Échéance',
  validUntil: 'Valable jusqu’au',
  reference: 'Votre référence',
  period: 'Période',
  about: 'Facture créditée',
  aboutOf: '{number} du {date}',
  billTo: 'À',
  taxId: 'Identifiant fiscal {id}',
  registration: 'Immatriculation {id}',
  description: 'Désignation',
  quantity: 'Quantité',
  unitPrice: 'Prix',
  tax: 'Taxe',
  amount: 'Montant',
  included: '{rate} incl.',
  discount: 'Remise',
  subtotal: 'Sous-total hors taxes',
  taxOn: '{label} sur {base}',
  total: 'Total',
  payment: 'Paiement',
  instalment: 'Échéance {number}, le {date}',
  early: '{amount} de moins en cas de paiement avant le {date} inclus',
  accountHolder: 'Titulaire du compte',
  bank: 'Banque',
  paymentReference: 'Référence du paiement',
  scan: 'Scannez avec votre application bancaire pour virer {amount}.',
  page: 'Page {page} sur {pages}',
  draft: 'BROUILLON',
  draftNote: 'Aperçu : document non émis et sans numéro.',
  testNote: 'TEST : document créé dans un environnement d’essai. Rien n’est dû.',
  notAllLetters:
    'Certains caractères manquent dans les polices de ce document et ont été remplacés. Le texte exact est conservé avec lui.',
  terms: {
    immediate: 'Payable immédiatement',
    net: 'Payable sous {days} jours',
    endOfMonth: 'Payable à la fin du mois',
    afterEndOfMonth: 'Payable {days} jours après la fin du mois',
    dayOfThisMonth: 'Payable le {day} du mois',
    dayOfNextMonth: 'Payable le {day} du mois suivant',
    dayOfLaterMonth: 'Payable le {day} du mois, {months} mois plus tard',
    instalments: '{count} échéances',
    afterDeposit: 'Acompte immédiat, puis : {terms}',
    early: 'Escompte de {percent} % pour paiement sous {days} jours',
  },
};

const SPANISH: DocumentWords = {
  language: 'es',
  title: { invoice: 'Factura', credit_note: 'Factura rectificativa', quote: 'Presupuesto' },
  number: 'Número',
  date: 'Fecha',
  due: 'Vencimiento',
  validUntil: 'Válido hasta',
  reference: 'Su referencia',
  period: 'Período',
  about: 'Rectifica',
  aboutOf: '{number} del {date}',
  billTo: 'Para',
  taxId: 'NIF {id}',
  registration: 'Registro {id}',
  description: 'Descripción',
  quantity: 'Cantidad',
  unitPrice: 'Precio',
  tax: 'Impuesto',
  amount: 'Importe',
  included: '{rate} incl.',
  discount: 'Descuento',
  subtotal: 'Subtotal sin impuestos',
  taxOn: '{label} sobre {base}',
  total: 'Total',
  payment: 'Pago',
  instalment: 'Plazo {number}, vence el {date}',
  early: '{amount} menos si se paga hasta el {date}',
  accountHolder: 'Titular de la cuenta',
  bank: 'Banco',
  paymentReference: 'Concepto',
  scan: 'Escanee con la aplicación de su banco para transferir {amount}.',
  page: 'Página {page} de {pages}',
  draft: 'BORRADOR',
  draftNote: 'Vista previa: no emitida y sin número.',
  testNote: 'TEST: creado en un entorno de pruebas. No se debe nada por este documento.',
  notAllLetters:
    'Algunos caracteres no existen en las tipografías de este documento y se han sustituido. El texto exacto se conserva con él.',
  terms: {
    immediate: 'Pago inmediato',
    net: 'Pago en {days} días',
    endOfMonth: 'Pago a fin de mes',
    afterEndOfMonth: 'Pago {days} días después de fin de mes',
    dayOfThisMonth: 'Pago el día {day} del mes',
    dayOfNextMonth: 'Pago el día {day} del mes siguiente',
    dayOfLaterMonth: 'Pago el día {day}, {months} meses después',
    instalments: '{count} plazos',
    afterDeposit: 'Anticipo inmediato y después: {terms}',
    early: '{percent} % de descuento si se paga en {days} días',
  },
};

const DUTCH: DocumentWords = {
  language: 'nl',
  title: { invoice: 'Factuur', credit_note: 'Creditfactuur', quote: 'Offerte' },
  number: 'Nummer',
  date: 'Datum',
  due: 'Te betalen voor',
  validUntil: 'Geldig tot en met',
  reference: 'Uw kenmerk',
  period: 'Periode',
  about: 'Betreft factuur',
  aboutOf: '{number} van {date}',
  billTo: 'Aan',
  taxId: 'Btw-nummer {id}',
  registration: 'Registratienummer {id}',
  description: 'Omschrijving',
  quantity: 'Aantal',
  unitPrice: 'Prijs',
  tax: 'Belasting',
  amount: 'Bedrag',
  included: '{rate} incl.',
  discount: 'Korting',
  subtotal: 'Subtotaal zonder belasting',
  taxOn: '{label} over {base}',
  total: 'Totaal',
  payment: 'Betaling',
  instalment: 'Termijn {number}, uiterlijk {date}',
  early: '{amount} minder bij betaling uiterlijk {date}',
  accountHolder: 'Rekeninghouder',
  bank: 'Bank',
  paymentReference: 'Betalingskenmerk',
  scan: 'Scan met een bankapp om {amount} over te maken.',
  page: 'Pagina {page} van {pages}',
  draft: 'CONCEPT',
  draftNote: 'Een voorbeeld: niet uitgegeven en zonder nummer.',
  testNote: 'TEST: gemaakt in een testomgeving. Voor dit document is niets verschuldigd.',
  notAllLetters:
    'Enkele tekens ontbreken in de lettertypen van dit document en zijn vervangen. De exacte tekst is erbij bewaard.',
  terms: {
    immediate: 'Direct te betalen',
    net: 'Te betalen binnen {days} dagen',
    endOfMonth: 'Te betalen aan het einde van de maand',
    afterEndOfMonth: 'Te betalen {days} dagen na het einde van de maand',
    dayOfThisMonth: 'Te betalen op dag {day} van de maand',
    dayOfNextMonth: 'Te betalen op dag {day} van de volgende maand',
    dayOfLaterMonth: 'Te betalen op dag {day}, {months} maanden later',
    instalments: '{count} termijnen',
    afterDeposit: 'Aanbetaling direct, daarna: {terms}',
    early: '{percent} % korting bij betaling binnen {days} dagen',
  },
};

const ITALIAN: DocumentWords = {
  language: 'it',
  title: { invoice: 'Fattura', credit_note: 'Nota di credito', quote: 'Preventivo' },
  number: 'Numero',
  date: 'Data',
  due: 'Scadenza',
  validUntil: 'Valido fino al',
  reference: 'Vostro riferimento',
  period: 'Periodo',
  about: 'Riferita a',
  aboutOf: '{number} del {date}',
  billTo: 'A',
  taxId: 'Partita IVA {id}',
  registration: 'Registro {id}',
  description: 'Descrizione',
  quantity: 'Quantità',
  unitPrice: 'Prezzo',
  tax: 'Imposta',
  amount: 'Importo',
  included: '{rate} incl.',
  discount: 'Sconto',
  subtotal: 'Subtotale senza imposte',
  taxOn: '{label} su {base}',
  total: 'Totale',
  payment: 'Pagamento',
  instalment: 'Rata {number}, entro il {date}',
  early: '{amount} in meno se pagata entro il {date}',
  accountHolder: 'Intestatario del conto',
  bank: 'Banca',
  paymentReference: 'Causale',
  scan: 'Inquadrate con l’app della banca per bonificare {amount}.',
  page: 'Pagina {page} di {pages}',
  draft: 'BOZZA',
  draftNote: 'Anteprima: non emessa e senza numero.',
  testNote: 'TEST: creato in un ambiente di prova. Per questo documento non è dovuto nulla.',
  notAllLetters:
    'Alcuni caratteri mancano nei tipi di questo documento e sono stati sostituiti. Il testo esatto è conservato con esso.',
  terms: {
    immediate: 'Pagamento immediato',
    net: 'Pagamento entro {days} giorni',
    endOfMonth: 'Pagamento a fine mese',
    afterEndOfMonth: 'Pagamento {days} giorni dopo la fine del mese',
    dayOfThisMonth: 'Pagamento il giorno {day} del mese',
    dayOfNextMonth: 'Pagamento il giorno {day} del mese successivo',
    dayOfLaterMonth: 'Pagamento il giorno {day}, {months} mesi dopo',
    instalments: '{count} rate',
    afterDeposit: 'Acconto subito, poi: {terms}',
    early: 'Sconto del {percent} % per pagamento entro {days} giorni',
  },
};

/** Adding a language is a table here; what it lacks, the compiler names. */
export const DOCUMENT_LANGUAGES = [ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN] as const;

/** The words for a locale (BCP 47); English where its language has no table. */
export function documentWords(locale: string): DocumentWords {
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return DOCUMENT_LANGUAGES.find((words) => words.language === language) ?? ENGLISH;
}

/** "{number} of {date}" with its values. */
export function fill(words: string, values: Readonly<Record<string, string | number>>): string {
  return words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
