import { declineFor } from './declines.ts';

const LANGUAGES = ['de', 'fr', 'es', 'nl', 'it'];

/** What declines say to customers, in the languages of their pages, by the English words of the table of declines. */
// biome-ignore format: one sentence on one line, in the order of LANGUAGES
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'Your bank did not allow the payment. Please use another card or ask your bank.': ['Ihre Bank hat die Zahlung nicht zugelassen. Bitte nehmen Sie eine andere Karte oder fragen Sie Ihre Bank.', 'Votre banque n’a pas autorisé le paiement. Veuillez utiliser une autre carte ou demander à votre banque.', 'Su banco no ha permitido el pago. Use otra tarjeta o pregunte a su banco.', 'Uw bank stond de betaling niet toe. Gebruik een andere kaart of vraag het uw bank.', 'La sua banca non ha consentito il pagamento. Usi un’altra carta o chieda alla sua banca.'],
  'The bank account does not allow debits.': ['Das Konto lässt keine Lastschriften zu.', 'Le compte n’autorise pas les prélèvements.', 'La cuenta no permite adeudos.', 'De rekening staat geen incasso’s toe.', 'Il conto non consente addebiti.'],
  'The bank account could not be found.': ['Das Konto wurde nicht gefunden.', 'Le compte est introuvable.', 'No se encontró la cuenta.', 'De rekening is niet gevonden.', 'Il conto non è stato trovato.'],
  'The permission to debit is no longer valid.': ['Die Erlaubnis zum Abbuchen gilt nicht mehr.', 'L’autorisation de prélever n’est plus valable.', 'El permiso para adeudar ya no es válido.', 'De machtiging is niet meer geldig.', 'L’autorizzazione all’addebito non è più valida.'],
  'The name on the card was wrong.': ['Der Name auf der Karte war falsch.', 'Le nom sur la carte était inexact.', 'El nombre de la tarjeta no era correcto.', 'De naam op de kaart klopte niet.', 'Il nome sulla carta era sbagliato.'],
  'The payment was not confirmed at your bank.': ['Die Zahlung wurde bei Ihrer Bank nicht bestätigt.', 'Le paiement n’a pas été confirmé auprès de votre banque.', 'El pago no se confirmó en su banco.', 'De betaling is niet bij uw bank bevestigd.', 'Il pagamento non è stato confermato presso la sua banca.'],
  'The payment was broken off. Nothing was charged.': ['Die Zahlung wurde abgebrochen. Es wurde nichts abgebucht.', 'Le paiement a été interrompu. Rien n’a été débité.', 'El pago se interrumpió. No se ha cobrado nada.', 'De betaling is afgebroken. Er is niets afgeschreven.', 'Il pagamento è stato interrotto. Non è stato addebitato nulla.'],
  'The time to confirm the payment has passed. Nothing was charged.': ['Die Zeit zum Bestätigen ist abgelaufen. Es wurde nichts abgebucht.', 'Le délai de confirmation est passé. Rien n’a été débité.', 'Ha pasado el tiempo para confirmar el pago. No se ha cobrado nada.', 'De tijd om te bevestigen is voorbij. Er is niets afgeschreven.', 'Il tempo per confermare è scaduto. Non è stato addebitato nulla.'],
  'The refund could not be started just now.': ['Die Rückzahlung konnte gerade nicht begonnen werden.', 'Le remboursement n’a pas pu être lancé pour l’instant.', 'Ahora no se pudo iniciar la devolución.', 'De terugbetaling kon nu niet worden gestart.', 'Il rimborso non si è potuto avviare ora.'],
  'The refund could not be made.': ['Die Rückzahlung war nicht möglich.', 'Le remboursement n’a pas pu être fait.', 'No se pudo hacer la devolución.', 'De terugbetaling is niet gelukt.', 'Il rimborso non è riuscito.'],
  'Your bank did not take the refund.': ['Ihre Bank hat die Rückzahlung nicht angenommen.', 'Votre banque n’a pas accepté le remboursement.', 'Su banco no aceptó la devolución.', 'Uw bank heeft de terugbetaling niet aangenomen.', 'La sua banca non ha accettato il rimborso.'],
  'The refund was canceled.': ['Die Rückzahlung wurde abgebrochen.', 'Le remboursement a été annulé.', 'La devolución se anuló.', 'De terugbetaling is geannuleerd.', 'Il rimborso è stato annullato.'],
  'There was not enough money in the account.': ['Das Konto war nicht ausreichend gedeckt.', 'Le solde du compte était insuffisant.', 'No había saldo suficiente en la cuenta.', 'Er stond niet genoeg geld op de rekening.', 'Sul conto non c’era denaro sufficiente.'],
  'Your card has reached its limit for now.': ['Ihre Karte hat vorerst ihr Limit erreicht.', 'Votre carte a atteint sa limite pour le moment.', 'Su tarjeta ha alcanzado su límite por ahora.', 'Uw kaart heeft voorlopig haar limiet bereikt.', 'La sua carta ha raggiunto per ora il suo limite.'],
  'Your bank could not answer just now.': ['Ihre Bank konnte gerade nicht antworten.', 'Votre banque n’a pas pu répondre pour l’instant.', 'Su banco no pudo responder ahora.', 'Uw bank kon nu niet antwoorden.', 'La sua banca ora non ha potuto rispondere.'],
  'Your bank could not be reached.': ['Ihre Bank war nicht erreichbar.', 'Votre banque n’a pas pu être jointe.', 'No se pudo contactar con su banco.', 'Uw bank was niet bereikbaar.', 'La sua banca non era raggiungibile.'],
  'The payment could not be processed just now.': ['Die Zahlung konnte gerade nicht verarbeitet werden.', 'Le paiement n’a pas pu être traité pour l’instant.', 'El pago no se pudo procesar ahora.', 'De betaling kon nu niet worden verwerkt.', 'Il pagamento ora non si è potuto elaborare.'],
  'Please call your bank about this payment.': ['Bitte rufen Sie wegen dieser Zahlung Ihre Bank an.', 'Veuillez appeler votre banque au sujet de ce paiement.', 'Llame a su banco por este pago.', 'Bel uw bank over deze betaling.', 'Chiami la sua banca per questo pagamento.'],
  'Your bank asks you to confirm this payment.': ['Ihre Bank bittet Sie, diese Zahlung zu bestätigen.', 'Votre banque vous demande de confirmer ce paiement.', 'Su banco le pide que confirme este pago.', 'Uw bank vraagt u deze betaling te bevestigen.', 'La sua banca le chiede di confermare questo pagamento.'],
  'Your card has expired.': ['Ihre Karte ist abgelaufen.', 'Votre carte a expiré.', 'Su tarjeta ha caducado.', 'Uw kaart is verlopen.', 'La sua carta è scaduta.'],
  'The security code was wrong.': ['Die Prüfnummer war falsch.', 'Le code de sécurité était inexact.', 'El código de seguridad no era correcto.', 'De beveiligingscode klopte niet.', 'Il codice di sicurezza era sbagliato.'],
  'The expiry date was wrong.': ['Das Ablaufdatum war falsch.', 'La date d’expiration était inexacte.', 'La fecha de caducidad no era correcta.', 'De vervaldatum klopte niet.', 'La data di scadenza era sbagliata.'],
  'The card number is wrong.': ['Die Kartennummer ist falsch.', 'Le numéro de carte est inexact.', 'El número de la tarjeta no es correcto.', 'Het kaartnummer klopt niet.', 'Il numero della carta è sbagliato.'],
  'Your card does not support this payment.': ['Ihre Karte unterstützt diese Zahlung nicht.', 'Votre carte ne permet pas ce paiement.', 'Su tarjeta no admite este pago.', 'Uw kaart ondersteunt deze betaling niet.', 'La sua carta non supporta questo pagamento.'],
  'Your card does not support this currency.': ['Ihre Karte unterstützt diese Währung nicht.', 'Votre carte ne permet pas cette devise.', 'Su tarjeta no admite esta moneda.', 'Uw kaart ondersteunt deze munt niet.', 'La sua carta non supporta questa valuta.'],
  'The debit was not authorised.': ['Die Lastschrift war nicht erlaubt.', 'Le prélèvement n’était pas autorisé.', 'El adeudo no estaba autorizado.', 'De incasso was niet toegestaan.', 'L’addebito non era autorizzato.'],
  'The bank account is closed.': ['Das Konto ist aufgelöst.', 'Le compte est clos.', 'La cuenta está cerrada.', 'De rekening is opgeheven.', 'Il conto è chiuso.'],
  'The bank account cannot be used.': ['Das Konto kann nicht verwendet werden.', 'Le compte ne peut pas être utilisé.', 'La cuenta no se puede usar.', 'De rekening kan niet worden gebruikt.', 'Il conto non si può usare.'],
  'Your card seems to have been replaced.': ['Ihre Karte scheint ersetzt worden zu sein.', 'Votre carte semble avoir été remplacée.', 'Parece que su tarjeta ha sido sustituida.', 'Uw kaart lijkt te zijn vervangen.', 'La sua carta sembra essere stata sostituita.'],
  'The payment could not be made just now. Nothing was charged.': ['Die Zahlung war gerade nicht möglich. Es wurde nichts abgebucht.', 'Le paiement n’a pas pu être fait pour l’instant. Rien n’a été débité.', 'Ahora no se pudo hacer el pago. No se ha cobrado nada.', 'De betaling kon nu niet worden gedaan. Er is niets afgeschreven.', 'Il pagamento ora non è stato possibile. Non è stato addebitato nulla.'],
};

/** What may be said to the payer of a decline, in the language of a locale; in English where there are no words of it. */
export function declineWords(code: string | null, locale: string): string {
  const english = declineFor(code).customerWords;
  const index = LANGUAGES.indexOf(locale.toLowerCase().split(/[-_]/)[0]!);
  return (index === -1 ? undefined : TEXTS[english]?.[index]) ?? english;
}
