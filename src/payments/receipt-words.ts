import { type DocumentFigures, documentFigures } from '../invoices/document-figures.ts';
import type { Receipt } from './api.ts';

/** What a receipt says around its facts, in one language. `{number}` and `{day}` are filled in. */
export interface ReceiptWords {
  /** ISO 639-1. */
  readonly language: string;
  readonly payment: KindWords;
  readonly refund: KindWords;
  readonly customer: string;
  readonly issued: string;
  readonly purpose: string;
  readonly ofWhichTax: string;
  /** Said when a name could not be printed letter by letter. */
  readonly notAllLetters: string;
  readonly noProof: string;
  readonly cash: string;
  readonly cheque: string;
  readonly bankTransfer: string;
  readonly other: string;
}

interface KindWords {
  readonly title: string;
  readonly party: string;
  readonly amount: string;
  readonly day: string;
  readonly method: string;
}

const ENGLISH: ReceiptWords = {
  language: 'en',
  payment: { title: 'Receipt', party: 'Received from', amount: 'Amount paid', day: 'Paid on', method: 'Paid by' },
  refund: {
    title: 'Refund receipt',
    party: 'Paid back to',
    amount: 'Amount refunded',
    day: 'Refunded on',
    method: 'Refunded to',
  },
  customer: 'Customer',
  issued: '{number} · issued {day}',
  purpose: 'For',
  ofWhichTax: 'Of which tax',
  notAllLetters:
    'Some characters of this document have no form in its typefaces and were replaced. The exact text is kept with the payment.',
  noProof: 'TEST: made in a sandbox. No money has moved, and this is no proof of payment.',
  cash: 'Cash',
  cheque: 'Cheque',
  bankTransfer: 'Bank transfer',
  other: 'Other',
};

const GERMAN: ReceiptWords = {
  language: 'de',
  payment: {
    title: 'Zahlungsbeleg',
    party: 'Erhalten von',
    amount: 'Bezahlter Betrag',
    day: 'Bezahlt am',
    method: 'Bezahlt mit',
  },
  refund: {
    title: 'Erstattungsbeleg',
    party: 'Zurückgezahlt an',
    amount: 'Erstatteter Betrag',
    day: 'Erstattet am',
    method: 'Erstattung über',
  },
  customer: 'Kunde',
  issued: '{number} · ausgestellt am {day}',
  purpose: 'Für',
  ofWhichTax: 'Davon Steuer',
  notAllLetters:
    'Einige Zeichen fehlen in den Schriften dieses Dokuments und wurden ersetzt. Der genaue Text ist bei der Zahlung aufbewahrt.',
  noProof: 'TEST: in einer Testumgebung erstellt. Es ist kein Geld geflossen; dies ist kein Zahlungsnachweis.',
  cash: 'Bar',
  cheque: 'Scheck',
  bankTransfer: 'Überweisung',
  other: 'Sonstiges',
};

const FRENCH: ReceiptWords = {
  language: 'fr',
  payment: { title: 'Reçu', party: 'Reçu de', amount: 'Montant payé', day: 'Payé le', method: 'Payé par' },
  refund: {
    title: 'Reçu de remboursement',
    party: 'Remboursé à',
    amount: 'Montant remboursé',
    day: 'Remboursé le',
    method: 'Moyen de remboursement',
  },
  customer: 'Client',
  issued: '{number} · établi le {day}',
  purpose: 'Pour',
  ofWhichTax: 'Dont taxes',
  notAllLetters:
    'Certains caractères manquent dans les polices de ce document et ont été remplacés. Le texte exact est conservé avec le paiement.',
  noProof:
    'TEST : créé dans un environnement d’essai. Aucun argent n’a circulé ; ceci n’est pas une preuve de paiement.',
  cash: 'Espèces',
  cheque: 'Chèque',
  bankTransfer: 'Virement',
  other: 'Autre',
};

const SPANISH: ReceiptWords = {
  language: 'es',
  payment: {
    title: 'Recibo',
    party: 'Recibido de',
    amount: 'Importe pagado',
    day: 'Pagado el',
    method: 'Pagado con',
  },
  refund: {
    title: 'Recibo de reembolso',
    party: 'Devuelto a',
    amount: 'Importe devuelto',
    day: 'Devuelto el',
    method: 'Medio de devolución',
  },
  customer: 'Cliente',
  issued: '{number} · emitido el {day}',
  purpose: 'Por',
  ofWhichTax: 'Impuestos incluidos',
  notAllLetters:
    'Algunos caracteres faltan en las fuentes de este documento y se han sustituido. El texto exacto se conserva con el pago.',
  noProof: 'PRUEBA: creado en un entorno de pruebas. No se ha movido dinero y esto no es un justificante de pago.',
  cash: 'Efectivo',
  cheque: 'Cheque',
  bankTransfer: 'Transferencia',
  other: 'Otro',
};

const DUTCH: ReceiptWords = {
  language: 'nl',
  payment: {
    title: 'Betaalbewijs',
    party: 'Ontvangen van',
    amount: 'Betaald bedrag',
    day: 'Betaald op',
    method: 'Betaald met',
  },
  refund: {
    title: 'Bewijs van terugbetaling',
    party: 'Terugbetaald aan',
    amount: 'Terugbetaald bedrag',
    day: 'Terugbetaald op',
    method: 'Terugbetaald via',
  },
  customer: 'Klant',
  issued: '{number} · opgemaakt op {day}',
  purpose: 'Voor',
  ofWhichTax: 'Waarvan belasting',
  notAllLetters:
    'Sommige tekens ontbreken in de lettertypen van dit document en zijn vervangen. De exacte tekst wordt bij de betaling bewaard.',
  noProof: 'TEST: gemaakt in een testomgeving. Er is geen geld overgemaakt; dit is geen bewijs van betaling.',
  cash: 'Contant',
  cheque: 'Cheque',
  bankTransfer: 'Overschrijving',
  other: 'Anders',
};

const ITALIAN: ReceiptWords = {
  language: 'it',
  payment: {
    title: 'Ricevuta',
    party: 'Ricevuto da',
    amount: 'Importo pagato',
    day: 'Pagato il',
    method: 'Pagato con',
  },
  refund: {
    title: 'Ricevuta di rimborso',
    party: 'Rimborsato a',
    amount: 'Importo rimborsato',
    day: 'Rimborsato il',
    method: 'Mezzo di rimborso',
  },
  customer: 'Cliente',
  issued: '{number} · emessa il {day}',
  purpose: 'Per',
  ofWhichTax: 'Di cui imposte',
  notAllLetters:
    'Alcuni caratteri mancano nei tipi di questo documento e sono stati sostituiti. Il testo esatto è conservato con il pagamento.',
  noProof: 'TEST: creato in un ambiente di prova. Nessun denaro si è mosso; questa non è una prova di pagamento.',
  cash: 'Contanti',
  cheque: 'Assegno',
  bankTransfer: 'Bonifico',
  other: 'Altro',
};

/** Adding a language is a table here; what it lacks, the compiler names. */
export const RECEIPT_LANGUAGES = [ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN] as const;

/** The words for a locale (BCP 47); English where its language has no table. */
export function receiptWords(locale: string): ReceiptWords {
  const [language = ''] = locale.toLowerCase().split(/[-_]/);
  return RECEIPT_LANGUAGES.find((words) => words.language === language) ?? ENGLISH;
}

/** How the receipt writes amounts and days. */
export function receiptFigures({ locale, currency }: Pick<Receipt, 'locale' | 'currency'>): DocumentFigures {
  return documentFigures(locale, receiptWords(locale).language, currency);
}

/** What was paid with, as a customer reads it: cards and accounts are called as everywhere, the rest is in their language. */
export function methodWords(label: string, locale: string): string {
  const words = receiptWords(locale);
  const known: Readonly<Record<string, string>> = {
    [ENGLISH.cash]: words.cash,
    [ENGLISH.cheque]: words.cheque,
    [ENGLISH.bankTransfer]: words.bankTransfer,
    [ENGLISH.other]: words.other,
  };
  return known[label] ?? label;
}
