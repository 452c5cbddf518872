import type { MovementKind } from './account-statement.ts';
import type { Age } from './ageing.ts';

/** Words of a statement of account beside those of every document, in one language. */
export interface StatementWords {
  readonly title: string;
  /** What is written of each movement; documents are named by their kind. */
  readonly kinds: Readonly<Record<Exclude<MovementKind, 'invoice' | 'credit_note'>, string>>;
  /** "{what}, taken back" */
  readonly reversal: string;
  readonly entry: string;
  readonly charged: string;
  readonly received: string;
  readonly balance: string;
  readonly opening: string;
  readonly closing: string;
  readonly open: string;
  readonly openAmount: string;
  readonly onAccount: string;
  readonly nothing: string;
  readonly ages: Readonly<Record<Age, string>>;
}

const ages = (notDue: string, days: string, over: string): StatementWords['ages'] => ({
  not_due: notDue,
  overdue_1_30: `1–30 ${days}`,
  overdue_31_60: `31–60 ${days}`,
  overdue_61_90: `61–90 ${days}`,
  overdue_over_90: over,
});

const WORDS: Readonly<Record<string, StatementWords>> = {
  en: {
    title: 'Statement of account',
    kinds: {
      late_fee: 'Late fee',
      payment: 'Payment',
      refund: 'Paid back',
      discount: 'Discount',
      write_off: 'Written off',
      dispute: 'Disputed payment',
    },
    reversal: '{what}, taken back',
    entry: 'Entry',
    charged: 'Charged',
    received: 'Paid or credited',
    balance: 'Balance',
    opening: 'Balance before',
    closing: 'Balance on {date}',
    open: 'Open on {date}',
    openAmount: 'Open',
    onAccount: 'On your account',
    nothing: 'Nothing was charged or paid in this time, and nothing is open.',
    ages: ages('Not yet due', 'days late', 'Over 90 days late'),
  },
  de: {
    title: 'Kontoauszug',
    kinds: {
      late_fee: 'Verzugsgebühr',
      payment: 'Zahlung',
      refund: 'Rückzahlung',
      discount: 'Skonto',
      write_off: 'Ausbuchung',
      dispute: 'Beanstandete Zahlung',
    },
    reversal: '{what}, zurückgenommen',
    entry: 'Vorgang',
    charged: 'Belastet',
    received: 'Bezahlt oder gutgeschrieben',
    balance: 'Saldo',
    opening: 'Saldo davor',
    closing: 'Saldo am {date}',
    open: 'Offen am {date}',
    openAmount: 'Offen',
    onAccount: 'Ihr Guthaben',
    nothing: 'In dieser Zeit wurde nichts berechnet oder bezahlt, und es ist nichts offen.',
    ages: ages('Noch nicht fällig', 'Tage überfällig', 'Über 90 Tage überfällig'),
  },
  fr: {
    title: 'Relevé de compte',
    kinds: {
      late_fee: 'Frais de retard',
      payment: 'Paiement',
      refund: 'Remboursement',
      discount: 'Escompte',
      write_off: 'Abandon de créance',
      dispute: 'Paiement contesté',
    },
    reversal: '{what}, annulé',
    entry: 'Opération',
    charged: 'Débit',
    received: 'Payé ou crédité',
    balance: 'Solde',
    opening: 'Solde précédent',
    closing: 'Solde au {date}',
    open: 'À payer au {date}',
    openAmount: 'À payer',
    onAccount: 'Votre avoir',
    nothing: 'Rien n’a été facturé ni payé pendant cette période, et rien n’est dû.',
    ages: ages('Non échu', 'jours de retard', 'Plus de 90 jours de retard'),
  },
  es: {
    title: 'Extracto de cuenta',
    kinds: {
      late_fee: 'Recargo por demora',
      payment: 'Pago',
      refund: 'Devolución',
      discount: 'Descuento por pronto pago',
      write_off: 'Baja de saldo',
      dispute: 'Pago en disputa',
    },
    reversal: '{what}, anulado',
    entry: 'Movimiento',
    charged: 'Cargo',
    received: 'Pagado o abonado',
    balance: 'Saldo',
    opening: 'Saldo anterior',
    closing: 'Saldo a {date}',
    open: 'Pendiente a {date}',
    openAmount: 'Pendiente',
    onAccount: 'A su favor',
    nothing: 'En este período no se ha facturado ni pagado nada, y no hay nada pendiente.',
    ages: ages('Aún no vencido', 'días de retraso', 'Más de 90 días de retraso'),
  },
  nl: {
    title: 'Rekeningoverzicht',
    kinds: {
      late_fee: 'Kosten voor te late betaling',
      payment: 'Betaling',
      refund: 'Terugbetaling',
      discount: 'Korting bij snelle betaling',
      write_off: 'Afgeboekt',
      dispute: 'Betwiste betaling',
    },
    reversal: '{what}, teruggedraaid',
    entry: 'Mutatie',
    charged: 'In rekening gebracht',
    received: 'Betaald of gecrediteerd',
    balance: 'Saldo',
    opening: 'Saldo ervoor',
    closing: 'Saldo op {date}',
    open: 'Open op {date}',
    openAmount: 'Open',
    onAccount: 'Uw tegoed',
    nothing: 'In deze periode is niets in rekening gebracht of betaald, en er staat niets open.',
    ages: ages('Nog niet vervallen', 'dagen te laat', 'Meer dan 90 dagen te laat'),
  },
  it: {
    title: 'Estratto conto',
    kinds: {
      late_fee: 'Mora',
      payment: 'Pagamento',
      refund: 'Rimborso',
      discount: 'Sconto per pagamento anticipato',
      write_off: 'Stralcio',
      dispute: 'Pagamento contestato',
    },
    reversal: '{what}, annullato',
    entry: 'Movimento',
    charged: 'Addebito',
    received: 'Pagato o accreditato',
    balance: 'Saldo',
    opening: 'Saldo precedente',
    closing: 'Saldo al {date}',
    open: 'Da pagare al {date}',
    openAmount: 'Da pagare',
    onAccount: 'A suo credito',
    nothing: 'In questo periodo nulla è stato fatturato o pagato, e non c’è nulla da pagare.',
    ages: ages('Non ancora scaduto', 'giorni di ritardo', 'Oltre 90 giorni di ritardo'),
  },
};

/** In the language of documents; it has these in every one that they are in. */
export function statementWords(language: string): StatementWords {
  return WORDS[language] ?? WORDS.en!;
}
