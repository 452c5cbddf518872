/** Words of the page behind a document's link, in one language. `{name}` is filled in. */
export interface PayWords {
  readonly open: string;
  readonly paid: string;
  readonly isVoid: string;
  readonly onItsWay: string;
  readonly pay: string;
  readonly amount: string;
  readonly method: string;
  readonly newCard: string;
  readonly transfer: string;
  readonly promise: string;
  readonly promiseDay: string;
  readonly promised: string;
  readonly dispute: string;
  readonly disputeWords: string;
  readonly disputeLine: string;
  readonly disputed: string;
  readonly receipt: string;
  readonly send: string;
  readonly accept: string;
  readonly decline: string;
  readonly yourName: string;
  readonly accepted: string;
  readonly declined: string;
  readonly pdf: string;
  readonly files: string;
}

type Texts = readonly string[];

const KEYS: readonly (keyof PayWords)[] = [
  'open',
  'paid',
  'isVoid',
  'onItsWay',
  'pay',
  'amount',
  'method',
  'newCard',
  'transfer',
  'promise',
  'promiseDay',
  'promised',
  'dispute',
  'disputeWords',
  'disputeLine',
  'disputed',
  'receipt',
  'send',
  'accept',
  'decline',
  'yourName',
  'accepted',
  'declined',
  'pdf',
  'files',
];

// biome-ignore format: one language on few lines, in the order of KEYS
const TEXTS: Readonly<Record<string, Texts>> = {
  en: ['Still to pay', 'Paid. Thank you.', 'This document is void. There is nothing to pay.', 'A payment is on its way.', 'Pay',
    'Amount', 'Pay with', 'Use a new card', 'Pay by bank transfer', 'Say when you will pay', 'Day', 'You said you will pay on {day}.',
    'Something is wrong', 'What is wrong?', 'Which line?', 'You said that something is wrong. The business will be in touch.', 'Receipt', 'Send', 'Accept', 'Decline',
    'Your name', 'Accepted by {name}.', 'Declined.', 'PDF', 'Attachments'],
  de: ['Noch offen', 'Bezahlt. Vielen Dank.', 'Dieses Dokument ist ungültig. Es ist nichts zu zahlen.', 'Eine Zahlung ist unterwegs.', 'Bezahlen',
    'Betrag', 'Bezahlen mit', 'Neue Karte verwenden', 'Per Überweisung bezahlen', 'Zahlung ankündigen', 'Tag', 'Sie haben die Zahlung für den {day} angekündigt.',
    'Etwas stimmt nicht', 'Was stimmt nicht?', 'Welche Position?', 'Sie haben gemeldet, dass etwas nicht stimmt. Das Unternehmen meldet sich.', 'Beleg', 'Senden', 'Annehmen', 'Ablehnen',
    'Ihr Name', 'Angenommen von {name}.', 'Abgelehnt.', 'PDF', 'Anlagen'],
  fr: ['Reste à payer', 'Payé. Merci.', 'Ce document est annulé. Il n’y a rien à payer.', 'Un paiement est en cours.', 'Payer',
    'Montant', 'Payer avec', 'Utiliser une nouvelle carte', 'Payer par virement', 'Annoncer un paiement', 'Jour', 'Vous avez annoncé un paiement pour le {day}.',
    'Quelque chose ne va pas', 'Qu’est-ce qui ne va pas ?', 'Quelle ligne ?', 'Vous avez signalé un problème. L’entreprise vous contactera.', 'Reçu', 'Envoyer', 'Accepter', 'Refuser',
    'Votre nom', 'Accepté par {name}.', 'Refusé.', 'PDF', 'Pièces jointes'],
  es: ['Pendiente de pago', 'Pagado. Gracias.', 'Este documento está anulado. No hay nada que pagar.', 'Hay un pago en curso.', 'Pagar',
    'Importe', 'Pagar con', 'Usar otra tarjeta', 'Pagar por transferencia', 'Anunciar un pago', 'Día', 'Ha anunciado un pago para el {day}.',
    'Algo no está bien', '¿Qué no está bien?', '¿Qué línea?', 'Ha comunicado un problema. La empresa se pondrá en contacto.', 'Recibo', 'Enviar', 'Aceptar', 'Rechazar',
    'Su nombre', 'Aceptado por {name}.', 'Rechazado.', 'PDF', 'Archivos adjuntos'],
  nl: ['Nog te betalen', 'Betaald. Dank u wel.', 'Dit document is vervallen. Er valt niets te betalen.', 'Er is een betaling onderweg.', 'Betalen',
    'Bedrag', 'Betalen met', 'Een nieuwe kaart gebruiken', 'Betalen per overschrijving', 'Betaling aankondigen', 'Dag', 'U hebt een betaling op {day} aangekondigd.',
    'Er klopt iets niet', 'Wat klopt er niet?', 'Welke regel?', 'U hebt gemeld dat er iets niet klopt. Het bedrijf neemt contact op.', 'Kwitantie', 'Versturen', 'Accepteren', 'Afwijzen',
    'Uw naam', 'Geaccepteerd door {name}.', 'Afgewezen.', 'PDF', 'Bijlagen'],
  it: ['Ancora da pagare', 'Pagato. Grazie.', 'Questo documento è annullato. Non c’è nulla da pagare.', 'Un pagamento è in corso.', 'Paga',
    'Importo', 'Paga con', 'Usa una nuova carta', 'Paga con bonifico', 'Annuncia un pagamento', 'Giorno', 'Ha annunciato un pagamento per il {day}.',
    'Qualcosa non va', 'Che cosa non va?', 'Quale riga?', 'Ha segnalato un problema. L’azienda la contatterà.', 'Ricevuta', 'Invia', 'Accetta', 'Rifiuta',
    'Il suo nome', 'Accettato da {name}.', 'Rifiutato.', 'PDF', 'Allegati'],
};

/** Words in the language of a locale; English where there are none. */
export function payWords(locale: string): PayWords {
  const texts = TEXTS[locale.toLowerCase().split(/[-_]/)[0]!] ?? TEXTS.en!;
  return Object.fromEntries(KEYS.map((key, index) => [key, texts[index]])) as unknown as PayWords;
}
