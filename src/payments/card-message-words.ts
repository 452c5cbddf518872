/** What a customer is written when a card is asked of them, in one language. `{name}` is filled in (fill of document-words.ts). */
export interface CardMessageWords {
  readonly greeting: string;
  readonly nameless: string;
  readonly thanks: string;
  readonly failedSubject: string;
  readonly failed: string;
  /** Within `failed`, where it was said what the charge was for. */
  readonly purpose: string;
  readonly confirm: string;
  readonly otherCard: string;
  readonly cardSubject: string;
  readonly ask: string;
  readonly here: string;
  readonly until: string;
}

const ENGLISH: CardMessageWords = {
  greeting: 'Hello {name},',
  nameless: 'Hello,',
  thanks: 'Thank you,\n{business}',
  failedSubject: 'Your payment to {business}',
  failed: 'we tried to charge {amount}{purpose} to {method}, and it did not go through.',
  purpose: ' for “{what}”',
  confirm: 'Your bank asks you to confirm this payment: {link}',
  otherCard: 'Please give us another card, or tell us how you would like to pay.',
  cardSubject: 'A card for your payments to {business}',
  ask: '{business} asks you for a card for your payments.',
  here: 'Here you can give a card, without an account:\n{link}',
  until: 'The link works once, until {day}. Please do not send card numbers by e-mail.',
};

const GERMAN: CardMessageWords = {
  greeting: 'Guten Tag {name},',
  nameless: 'Guten Tag,',
  thanks: 'Vielen Dank\n{business}',
  failedSubject: 'Ihre Zahlung an {business}',
  failed: 'wir haben versucht, {amount}{purpose} abzubuchen ({method}), und es ist nicht gelungen.',
  purpose: ' für „{what}“',
  confirm: 'Ihre Bank bittet Sie, diese Zahlung zu bestätigen: {link}',
  otherCard: 'Bitte geben Sie uns eine andere Karte, oder sagen Sie uns, wie Sie bezahlen möchten.',
  cardSubject: 'Eine Karte für Ihre Zahlungen an {business}',
  ask: '{business} bittet Sie um eine Karte für Ihre Zahlungen.',
  here: 'Hier können Sie eine Karte angeben, ohne Konto:\n{link}',
  until: 'Der Link gilt einmal, bis zum {day}. Bitte senden Sie keine Kartennummern per E-Mail.',
};

const FRENCH: CardMessageWords = {
  greeting: 'Bonjour {name},',
  nameless: 'Bonjour,',
  thanks: 'Merci,\n{business}',
  failedSubject: 'Votre paiement à {business}',
  failed: 'nous avons présenté un paiement de {amount}{purpose} ({method}), et il n’a pas abouti.',
  purpose: ' pour « {what} »',
  confirm: 'Votre banque vous demande de confirmer ce paiement : {link}',
  otherCard: 'Merci de nous donner une autre carte, ou de nous dire comment vous souhaitez payer.',
  cardSubject: 'Une carte pour vos paiements à {business}',
  ask: '{business} vous demande une carte pour vos paiements.',
  here: 'Vous pouvez donner une carte ici, sans compte :\n{link}',
  until: 'Le lien fonctionne une fois, jusqu’au {day}. Merci de ne pas envoyer de numéro de carte par e-mail.',
};

const SPANISH: CardMessageWords = {
  greeting: 'Hola, {name}:',
  nameless: 'Hola:',
  thanks: 'Gracias,\n{business}',
  failedSubject: 'Su pago a {business}',
  failed: 'Hemos intentado cobrar {amount}{purpose} ({method}) y no ha sido posible.',
  purpose: ' por «{what}»',
  confirm: 'Su banco le pide que confirme este pago: {link}',
  otherCard: 'Indíquenos otra tarjeta, o díganos cómo prefiere pagar.',
  cardSubject: 'Una tarjeta para sus pagos a {business}',
  ask: '{business} le pide una tarjeta para sus pagos.',
  here: 'Aquí puede dar una tarjeta, sin cuenta:\n{link}',
  until: 'El enlace funciona una vez, hasta el {day}. No envíe números de tarjeta por correo, por favor.',
};

const DUTCH: CardMessageWords = {
  greeting: 'Beste {name},',
  nameless: 'Goedendag,',
  thanks: 'Met vriendelijke groet,\n{business}',
  failedSubject: 'Uw betaling aan {business}',
  failed: 'wij hebben geprobeerd {amount}{purpose} af te schrijven ({method}) en dat is niet gelukt.',
  purpose: ' voor “{what}”',
  confirm: 'Uw bank vraagt u deze betaling te bevestigen: {link}',
  otherCard: 'Geef ons een andere kaart, of laat ons weten hoe u wilt betalen.',
  cardSubject: 'Een kaart voor uw betalingen aan {business}',
  ask: '{business} vraagt u om een kaart voor uw betalingen.',
  here: 'Hier kunt u een kaart opgeven, zonder account:\n{link}',
  until: 'De link werkt één keer, tot {day}. Stuur geen kaartnummers per e-mail.',
};

const ITALIAN: CardMessageWords = {
  greeting: 'Buongiorno {name},',
  nameless: 'Buongiorno,',
  thanks: 'Grazie,\n{business}',
  failedSubject: 'Il Suo pagamento a {business}',
  failed: 'abbiamo provato ad addebitare {amount}{purpose} ({method}) e non è riuscito.',
  purpose: ' per «{what}»',
  confirm: 'La Sua banca Le chiede di confermare questo pagamento: {link}',
  otherCard: 'Ci indichi un’altra carta, o ci dica come preferisce pagare.',
  cardSubject: 'Una carta per i Suoi pagamenti a {business}',
  ask: '{business} Le chiede una carta per i Suoi pagamenti.',
  here: 'Qui può dare una carta, senza account:\n{link}',
  until: 'Il link funziona una volta, fino al {day}. Per favore non invii numeri di carta per e-mail.',
};

const TABLES: Readonly<Record<string, CardMessageWords>> = {
  de: GERMAN,
  fr: FRENCH,
  es: SPANISH,
  nl: DUTCH,
  it: ITALIAN,
};

/** The words for a locale (BCP 47); English where its language has no table. */
export function cardMessageWords(locale: string): CardMessageWords {
  return TABLES[locale.toLowerCase().split(/[-_]/)[0]!] ?? ENGLISH;
}
