import { CONSENT_TEXT_VERSION, consentWords } from './consent.ts';

/** The words of consent as customers read them by themselves; staff read out those of consent.ts. */
const TEXTS: Readonly<Record<string, (business: string) => string>> = {
  en: consentWords,
  de: (business) =>
    `Ich bin einverstanden, dass ${business} meine Karte bei seinem Zahlungsdienst speichert und sie mit dem belastet, was ich bestelle oder schulde. ` +
    'Ich kann das jederzeit widerrufen; dann wird die Karte entfernt.',
  fr: (business) =>
    `J’accepte que ${business} conserve ma carte chez son prestataire de paiement et la débite de ce que je commande ou dois. ` +
    'Je peux retirer cet accord à tout moment ; la carte est alors supprimée.',
  es: (business) =>
    `Acepto que ${business} guarde mi tarjeta en su proveedor de pagos y cobre en ella lo que pida o deba. ` +
    'Puedo retirarlo en cualquier momento; entonces la tarjeta se elimina.',
  nl: (business) =>
    `Ik ga ermee akkoord dat ${business} mijn kaart bij zijn betaaldienst bewaart en daarvan afschrijft wat ik bestel of verschuldigd ben. ` +
    'Ik kan dit op elk moment intrekken; de kaart wordt dan verwijderd.',
  it: (business) =>
    `Accetto che ${business} conservi la mia carta presso il suo fornitore di pagamenti e vi addebiti ciò che ordino o devo. ` +
    'Posso revocarlo in qualsiasi momento; la carta viene allora eliminata.',
};

export interface ConsentText {
  /** BCP 47. */
  readonly language: string;
  /** Kept with the card, so that it can be told which words, in which language, its owner agreed to. */
  readonly version: string;
  readonly words: string;
}

/** The words in the language of a locale; English where there are none. */
export function consentText(businessName: string, locale: string): ConsentText {
  const asked = locale.toLowerCase().split(/[-_]/)[0]!;
  const language = asked in TEXTS ? asked : 'en';
  return {
    language,
    version: language === 'en' ? CONSENT_TEXT_VERSION : `${CONSENT_TEXT_VERSION}-${language}`,
    words: TEXTS[language]!(businessName),
  };
}
