/** Words of a customer's own page, in one language. `{name}` is filled in. */
const KEYS = [
  'title',
  'toPay',
  'nothing',
  'review',
  'due',
  'overdue',
  'paid',
  'quotes',
  'creditNotes',
  'statement',
  'from',
  'to',
  'show',
  'opening',
  'closing',
  'payment',
  'repaid',
  'narrow',
  'receipts',
  'cards',
  'noCards',
  'usual',
  'makeUsual',
  'remove',
  'add',
  'details',
  'name',
  'phone',
  'street',
  'more',
  'city',
  'region',
  'postal',
  'taxId',
  'email',
  'save',
  'emailHint',
  'emailSent',
  'confirm',
  'confirmed',
  'payNow',
  'back',
  'private',
  'ask',
  'askHint',
  'askSend',
  'askDone',
  'expired',
] as const;

export type CustomerWords = Readonly<Record<(typeof KEYS)[number], string>>;

// biome-ignore format: one language on few lines, in the order of KEYS
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  en: ['Your page', 'To pay', 'Nothing is open.', 'Review and pay', 'due {day}', 'overdue since {day}', 'Paid invoices', 'Quotes', 'Credit notes', 'Statement', 'From', 'Until', 'Show',
    'Balance before', 'Balance after', 'Payment', 'Repaid or corrected', 'There is more than fits here. Choose a shorter time.', 'Receipts', 'Saved cards', 'No card is saved.', 'used first', 'Use first', 'Remove', 'Add a card', 'Your details', 'Name',
    'Phone', 'Address', 'Address, second line', 'City', 'Region', 'Postal code', 'Tax id', 'E-mail', 'Save', 'A new address counts once it is confirmed by a link that is sent to it.', 'A link was sent to {email}. Open it to confirm the address.', 'Confirm {email}', 'The address is confirmed.',
    'Pay {amount}', 'Back', 'This page is for you alone, until {day}. Please do not pass its address on.', 'Your page at {business}', 'Give the e-mail address that the business has of you. A link to your page is sent there.', 'Send me the link', 'If this address is known, a link is on its way to it. It works for a day.', 'expired'],
  de: ['Ihre Seite', 'Zu bezahlen', 'Es ist nichts offen.', 'Prüfen und bezahlen', 'fällig am {day}', 'überfällig seit {day}', 'Bezahlte Rechnungen', 'Angebote', 'Gutschriften', 'Kontoauszug', 'Von', 'Bis', 'Anzeigen',
    'Saldo davor', 'Saldo danach', 'Zahlung', 'Zurückgezahlt oder berichtigt', 'Es ist mehr, als hier Platz hat. Wählen Sie einen kürzeren Zeitraum.', 'Belege', 'Gespeicherte Karten', 'Es ist keine Karte gespeichert.', 'zuerst verwendet', 'Zuerst verwenden', 'Entfernen', 'Karte hinzufügen', 'Ihre Angaben', 'Name',
    'Telefon', 'Adresse', 'Adresse, zweite Zeile', 'Ort', 'Region', 'Postleitzahl', 'Steuernummer', 'E-Mail', 'Speichern', 'Eine neue Adresse gilt, sobald sie über einen Link bestätigt ist, der dorthin geht.', 'Ein Link ging an {email}. Öffnen Sie ihn, um die Adresse zu bestätigen.', '{email} bestätigen', 'Die Adresse ist bestätigt.',
    '{amount} bezahlen', 'Zurück', 'Diese Seite ist nur für Sie, bis {day}. Bitte geben Sie ihre Adresse nicht weiter.', 'Ihre Seite bei {business}', 'Geben Sie die E-Mail-Adresse an, die das Unternehmen von Ihnen hat. Dorthin geht ein Link zu Ihrer Seite.', 'Link senden', 'Wenn diese Adresse bekannt ist, ist ein Link unterwegs. Er gilt einen Tag.', 'abgelaufen'],
  fr: ['Votre page', 'À payer', 'Rien n’est ouvert.', 'Vérifier et payer', 'à payer le {day}', 'en retard depuis le {day}', 'Factures payées', 'Devis', 'Avoirs', 'Relevé', 'Du', 'Au', 'Afficher',
    'Solde avant', 'Solde après', 'Paiement', 'Remboursé ou corrigé', 'Il y en a trop pour cette page. Choisissez une période plus courte.', 'Reçus', 'Cartes enregistrées', 'Aucune carte n’est enregistrée.', 'utilisée en premier', 'Utiliser en premier', 'Retirer', 'Ajouter une carte', 'Vos coordonnées', 'Nom',
    'Téléphone', 'Adresse', 'Adresse, deuxième ligne', 'Ville', 'Région', 'Code postal', 'Numéro fiscal', 'E-mail', 'Enregistrer', 'Une nouvelle adresse compte dès qu’elle est confirmée par un lien qui y est envoyé.', 'Un lien a été envoyé à {email}. Ouvrez-le pour confirmer l’adresse.', 'Confirmer {email}', 'L’adresse est confirmée.',
    'Payer {amount}', 'Retour', 'Cette page est pour vous seul, jusqu’au {day}. Ne transmettez pas son adresse.', 'Votre page chez {business}', 'Indiquez l’adresse e-mail que l’entreprise a de vous. Un lien vers votre page y est envoyé.', 'Envoyer le lien', 'Si cette adresse est connue, un lien est en route. Il vaut un jour.', 'expirée'],
  es: ['Su página', 'Por pagar', 'No hay nada pendiente.', 'Revisar y pagar', 'vence el {day}', 'vencida desde el {day}', 'Facturas pagadas', 'Presupuestos', 'Notas de abono', 'Extracto', 'Desde', 'Hasta', 'Mostrar',
    'Saldo anterior', 'Saldo posterior', 'Pago', 'Devuelto o corregido', 'Hay más de lo que cabe aquí. Elija un período más corto.', 'Recibos', 'Tarjetas guardadas', 'No hay ninguna tarjeta guardada.', 'se usa primero', 'Usar primero', 'Quitar', 'Añadir una tarjeta', 'Sus datos', 'Nombre',
    'Teléfono', 'Dirección', 'Dirección, segunda línea', 'Ciudad', 'Región', 'Código postal', 'Número fiscal', 'Correo electrónico', 'Guardar', 'Una dirección nueva vale cuando se confirma con un enlace que se le envía.', 'Se ha enviado un enlace a {email}. Ábralo para confirmar la dirección.', 'Confirmar {email}', 'La dirección está confirmada.',
    'Pagar {amount}', 'Volver', 'Esta página es solo para usted, hasta el {day}. No comparta su dirección.', 'Su página en {business}', 'Indique la dirección de correo que la empresa tiene de usted. Allí se envía un enlace a su página.', 'Enviar el enlace', 'Si la dirección es conocida, un enlace está en camino. Vale un día.', 'caducada'],
  nl: ['Uw pagina', 'Te betalen', 'Er staat niets open.', 'Nakijken en betalen', 'te betalen op {day}', 'te laat sinds {day}', 'Betaalde facturen', 'Offertes', 'Creditnota’s', 'Rekeningoverzicht', 'Van', 'Tot en met', 'Tonen',
    'Saldo ervoor', 'Saldo erna', 'Betaling', 'Terugbetaald of gecorrigeerd', 'Er is meer dan hier past. Kies een kortere periode.', 'Kwitanties', 'Bewaarde kaarten', 'Er is geen kaart bewaard.', 'eerst gebruikt', 'Eerst gebruiken', 'Verwijderen', 'Kaart toevoegen', 'Uw gegevens', 'Naam',
    'Telefoon', 'Adres', 'Adres, tweede regel', 'Plaats', 'Regio', 'Postcode', 'Btw-nummer', 'E-mail', 'Opslaan', 'Een nieuw adres geldt zodra het is bevestigd met een link die erheen gaat.', 'Er is een link gestuurd naar {email}. Open die om het adres te bevestigen.', '{email} bevestigen', 'Het adres is bevestigd.',
    '{amount} betalen', 'Terug', 'Deze pagina is alleen voor u, tot {day}. Geef het adres niet door.', 'Uw pagina bij {business}', 'Geef het e-mailadres dat het bedrijf van u heeft. Daarheen gaat een link naar uw pagina.', 'Link sturen', 'Als dit adres bekend is, is er een link onderweg. Hij geldt een dag.', 'verlopen'],
  it: ['La sua pagina', 'Da pagare', 'Non c’è nulla di aperto.', 'Controlla e paga', 'scade il {day}', 'scaduta dal {day}', 'Fatture pagate', 'Preventivi', 'Note di credito', 'Estratto conto', 'Dal', 'Al', 'Mostra',
    'Saldo precedente', 'Saldo successivo', 'Pagamento', 'Rimborsato o corretto', 'C’è più di quanto entri qui. Scelga un periodo più breve.', 'Ricevute', 'Carte salvate', 'Nessuna carta è salvata.', 'usata per prima', 'Usa per prima', 'Rimuovi', 'Aggiungi una carta', 'I suoi dati', 'Nome',
    'Telefono', 'Indirizzo', 'Indirizzo, seconda riga', 'Città', 'Regione', 'Codice postale', 'Partita IVA', 'E-mail', 'Salva', 'Un nuovo indirizzo vale quando è confermato con un link che vi viene inviato.', 'Un link è stato inviato a {email}. Lo apra per confermare l’indirizzo.', 'Conferma {email}', 'L’indirizzo è confermato.',
    'Paga {amount}', 'Indietro', 'Questa pagina è solo per lei, fino al {day}. Non ne passi l’indirizzo ad altri.', 'La sua pagina presso {business}', 'Indichi l’indirizzo e-mail che l’azienda ha di lei. Lì viene inviato un link alla sua pagina.', 'Invia il link', 'Se l’indirizzo è noto, un link è in arrivo. Vale un giorno.', 'scaduta'],
};

/** Language that the page is written in, for a locale: BCP 47. */
export function customerLanguage(locale: string): string {
  const language = locale.toLowerCase().split(/[-_]/)[0]!;
  return language in TEXTS ? language : 'en';
}

/** Words in the language of a locale; English where there are none. */
export function customerWords(locale: string): CustomerWords {
  const texts = TEXTS[customerLanguage(locale)]!;
  return Object.fromEntries(KEYS.map((key, index) => [key, texts[index]])) as unknown as CustomerWords;
}
