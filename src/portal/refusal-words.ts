import type { FailureCode } from '../foundation/failure.ts';

/** What customers are told of what cannot be done; everything else is said to be the machine's fault, without its reason. */
const KEYS = [
  'rate_limited',
  'method_not_usable',
  'retry_too_early',
  'retry_limit_reached',
  'payment_state_conflict',
  'idempotency_key_reused',
  'idempotency_key_running',
  'invalid_request',
  'not_found',
  'allocation_refused',
  'invoice_state_conflict',
  'amount_above_limit',
  'card_number_refused',
] as const satisfies readonly FailureCode[];

/** In the order of KEYS, and then what is said of everything else. */
// biome-ignore format: one language on few lines, in the order of KEYS
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  en: ['There were too many tries. Wait a few minutes, then open the link again.', 'This card cannot be used. Please use another one.', 'This card did not work a short while ago. Please use another one, or try again later.', 'This card has been tried too often. Please use another one.', 'This payment has been made or is being made already.', 'This payment is being checked. You will not be charged twice.',
    'This payment is being made. You will not be charged twice.', 'This cannot be taken as it is. Go back and look at the amount again. Nothing was charged.', 'There is nothing to pay here any more.', 'This amount does not fit what is open. Go back and look at the amount again. Nothing was charged.', 'This document can no longer be paid or answered here.', 'This amount is more than can be paid here at once.', 'Please write no card number here. It was not kept.', 'Something did not work. Nothing was charged by this step. Please try again later.'],
  de: ['Es waren zu viele Versuche. Warten Sie ein paar Minuten und öffnen Sie dann den Link noch einmal.', 'Diese Karte kann nicht verwendet werden. Bitte nehmen Sie eine andere.', 'Diese Karte ging vor Kurzem nicht. Bitte nehmen Sie eine andere oder versuchen Sie es später noch einmal.', 'Diese Karte wurde zu oft versucht. Bitte nehmen Sie eine andere.', 'Diese Zahlung ist schon erfolgt oder unterwegs.', 'Diese Zahlung wird geprüft. Sie werden nicht zweimal belastet.',
    'Diese Zahlung läuft gerade. Sie werden nicht zweimal belastet.', 'So geht das nicht. Gehen Sie zurück und sehen Sie sich den Betrag noch einmal an. Es wurde nichts abgebucht.', 'Hier ist nichts mehr zu bezahlen.', 'Dieser Betrag passt nicht zu dem, was offen ist. Gehen Sie zurück und sehen Sie sich den Betrag noch einmal an. Es wurde nichts abgebucht.', 'Dieses Dokument kann hier nicht mehr bezahlt oder beantwortet werden.', 'Dieser Betrag ist höher als das, was hier auf einmal bezahlt werden kann.', 'Bitte schreiben Sie hier keine Kartennummer. Sie wurde nicht gespeichert.', 'Etwas hat nicht geklappt. Bei diesem Schritt wurde nichts abgebucht. Bitte versuchen Sie es später noch einmal.'],
  fr: ['Il y a eu trop d’essais. Attendez quelques minutes, puis ouvrez le lien à nouveau.', 'Cette carte ne peut pas être utilisée. Veuillez en prendre une autre.', 'Cette carte n’a pas fonctionné il y a peu. Veuillez en prendre une autre ou réessayer plus tard.', 'Cette carte a été essayée trop souvent. Veuillez en prendre une autre.', 'Ce paiement est déjà fait ou en cours.', 'Ce paiement est en cours de vérification. Vous ne serez pas débité deux fois.',
    'Ce paiement est en cours. Vous ne serez pas débité deux fois.', 'Cela ne peut pas être accepté ainsi. Revenez en arrière et regardez le montant à nouveau. Rien n’a été débité.', 'Il n’y a plus rien à payer ici.', 'Ce montant ne correspond pas à ce qui est ouvert. Revenez en arrière et regardez le montant à nouveau. Rien n’a été débité.', 'Ce document ne peut plus être payé ni recevoir de réponse ici.', 'Ce montant dépasse ce qui peut être payé ici en une fois.', 'N’écrivez pas de numéro de carte ici. Il n’a pas été conservé.', 'Quelque chose n’a pas fonctionné. Rien n’a été débité par cette étape. Veuillez réessayer plus tard.'],
  es: ['Ha habido demasiados intentos. Espere unos minutos y abra el enlace de nuevo.', 'Esta tarjeta no se puede usar. Use otra, por favor.', 'Esta tarjeta no funcionó hace poco. Use otra o inténtelo más tarde.', 'Esta tarjeta se ha intentado demasiadas veces. Use otra, por favor.', 'Este pago ya está hecho o en curso.', 'Este pago se está comprobando. No se le cobrará dos veces.',
    'Este pago se está haciendo. No se le cobrará dos veces.', 'Así no se puede aceptar. Vuelva y mire otra vez el importe. No se ha cobrado nada.', 'Aquí ya no hay nada que pagar.', 'Este importe no encaja con lo pendiente. Vuelva y mire otra vez el importe. No se ha cobrado nada.', 'Este documento ya no se puede pagar ni contestar aquí.', 'Este importe es mayor de lo que se puede pagar aquí de una vez.', 'No escriba aquí ningún número de tarjeta. No se ha guardado.', 'Algo no ha funcionado. En este paso no se ha cobrado nada. Inténtelo más tarde, por favor.'],
  nl: ['Er waren te veel pogingen. Wacht een paar minuten en open de link opnieuw.', 'Deze kaart kan niet worden gebruikt. Neem een andere.', 'Deze kaart werkte zojuist niet. Neem een andere of probeer het later opnieuw.', 'Deze kaart is te vaak geprobeerd. Neem een andere.', 'Deze betaling is al gedaan of onderweg.', 'Deze betaling wordt gecontroleerd. Er wordt niet twee keer afgeschreven.',
    'Deze betaling loopt. Er wordt niet twee keer afgeschreven.', 'Zo kan het niet worden aangenomen. Ga terug en kijk nog eens naar het bedrag. Er is niets afgeschreven.', 'Hier valt niets meer te betalen.', 'Dit bedrag past niet bij wat openstaat. Ga terug en kijk nog eens naar het bedrag. Er is niets afgeschreven.', 'Dit document kan hier niet meer worden betaald of beantwoord.', 'Dit bedrag is meer dan hier in één keer kan worden betaald.', 'Schrijf hier geen kaartnummer. Het is niet bewaard.', 'Er ging iets mis. Bij deze stap is niets afgeschreven. Probeer het later opnieuw.'],
  it: ['Ci sono stati troppi tentativi. Aspetti qualche minuto e apra di nuovo il link.', 'Questa carta non si può usare. Ne usi un’altra.', 'Questa carta non ha funzionato poco fa. Ne usi un’altra o riprovi più tardi.', 'Questa carta è stata provata troppe volte. Ne usi un’altra.', 'Questo pagamento è già fatto o in corso.', 'Questo pagamento è in verifica. Non le verrà addebitato due volte.',
    'Questo pagamento è in corso. Non le verrà addebitato due volte.', 'Così non si può accettare. Torni indietro e guardi di nuovo l’importo. Non è stato addebitato nulla.', 'Qui non c’è più nulla da pagare.', 'Questo importo non corrisponde a quanto è aperto. Torni indietro e guardi di nuovo l’importo. Non è stato addebitato nulla.', 'Questo documento qui non si può più pagare né riceve risposta.', 'Questo importo è più di quanto si possa pagare qui in una volta.', 'Non scriva qui numeri di carta. Non è stato conservato.', 'Qualcosa non ha funzionato. In questo passo non è stato addebitato nulla. Riprovi più tardi.'],
};

/** Refusals whose own words are about this customer's document alone, and so are told as they are where they are understood. */
const SAID_AS_IT_IS: ReadonlySet<FailureCode> = new Set([
  'allocation_refused',
  'invoice_state_conflict',
  'amount_above_limit',
  'card_number_refused',
]);

/** What a customer is told of a refusal; null is a fault that nobody foresaw. */
export function refusalWords(
  failure: { readonly code: FailureCode; readonly message: string } | null,
  locale: string,
): string {
  const language = locale.toLowerCase().split(/[-_]/)[0]!;
  const texts = TEXTS[language] ?? TEXTS.en!;
  if (failure && texts === TEXTS.en && SAID_AS_IT_IS.has(failure.code)) return failure.message;
  const index = failure ? (KEYS as readonly FailureCode[]).indexOf(failure.code) : -1;
  return texts[index === -1 ? KEYS.length : index]!;
}
