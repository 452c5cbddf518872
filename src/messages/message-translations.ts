import type { MessageLanguage } from './languages.ts';

/** What a message says, as a template: its subject, its text, and the words on its button (empty: it has none). */
export interface SuppliedWords {
  readonly subject: string;
  readonly body: string;
  readonly button: string;
}

/** Kinds that go to customers, and so in their language. The others are read by the business itself. */
export type CustomerKind =
  | 'invoice'
  | 'receipt'
  | 'charge_failed'
  | 'statement'
  | 'customer_page'
  | 'address_confirmation';

const paragraphs = (...texts: readonly string[]) => texts.join('\n\n');

/** The words of message-kinds.ts in the other languages; what a language lacks, the compiler names. */
export const TRANSLATIONS: Readonly<
  Record<Exclude<MessageLanguage, 'en'>, Readonly<Record<CustomerKind, SuppliedWords>>>
> = {
  de: {
    invoice: {
      subject: '{{ document }} {{ number }} von {{ business }}',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        '{% if message %}{{ message }}{% else %}hiermit erhalten Sie: {{ document }} {{ number }} über {{ total }}{% if due %}, fällig am {{ due }}{% endif %}.{% endif %}',
        'Vielen Dank\n{{ business }}',
      ),
      button: '{{ document }} ansehen',
    },
    receipt: {
      subject: 'Beleg {{ number }} von {{ business }}',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        'wir haben {{ amount }}{% if description %} für „{{ description }}“{% endif %} erhalten ({{ method }}). Ihr Beleg ist angehängt.',
        'Vielen Dank\n{{ business }}',
      ),
      button: '',
    },
    charge_failed: {
      subject:
        '{% if confirm %}Bitte bestätigen Sie die Zahlung von {{ number }}{% else %}{{ number }} konnte nicht abgebucht werden{% endif %}',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        'wie vereinbart haben wir versucht, {{ amount }} für Rechnung {{ number }} abzubuchen ({{ method }}). {% if confirm %}Ihre Bank bittet Sie um eine Bestätigung: {{ confirm }}{% else %}Das ist nicht gelungen. {{ reason }}{% endif %}',
        '{% unless confirm %}Bitte bezahlen Sie die Rechnung über den Link unten.\n\n{% endunless %}Vielen Dank\n{{ business }}',
      ),
      button: 'Rechnung ansehen',
    },
    statement: {
      subject: 'Ihr Kontoauszug bei {{ business }}',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        '{% if message %}{{ message }}{% else %}angehängt ist Ihr Kontoauszug vom {{ from }} bis zum {{ until }}.{% if balance %} Der Saldo beträgt {{ balance }}{% if overdue %}, davon sind {{ overdue }} überfällig{% endif %}.{% endif %}{% endif %}',
        '{% if link %}Auf Ihrer Seite sehen und bezahlen Sie, was offen ist. Der Link ist nur für Sie bestimmt; bitte geben Sie ihn nicht weiter.\n\n{% endif %}Vielen Dank\n{{ business }}',
      ),
      button: 'Ihre Seite öffnen',
    },
    customer_page: {
      subject: 'Ihre Seite bei {{ business }}',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        'auf Ihrer Seite sehen und bezahlen Sie Ihre Rechnungen und ändern Ihre Karten und Angaben. Der Link ist nur für Sie bestimmt und gilt bis zum {{ until }}. Bitte geben Sie ihn nicht weiter.',
        'Vielen Dank\n{{ business }}',
      ),
      button: 'Ihre Seite öffnen',
    },
    address_confirmation: {
      subject: 'Ist das Ihre Adresse, für {{ business }}?',
      body: paragraphs(
        'Guten Tag {{ customer }},',
        'diese Adresse wurde bei {{ business }} als Ihre neue angegeben. Wenn Sie das waren, bestätigen Sie sie innerhalb eines Tages. Wenn nicht, brauchen Sie nichts zu tun.',
        'Vielen Dank\n{{ business }}',
      ),
      button: 'Adresse bestätigen',
    },
  },
  fr: {
    invoice: {
      subject: '{{ document }} {{ number }} de {{ business }}',
      body: paragraphs(
        'Bonjour {{ customer }},',
        '{% if message %}{{ message }}{% else %}voici votre document : {{ document | downcase }} {{ number }} d’un montant de {{ total }}{% if due %}, à régler avant le {{ due }} inclus{% endif %}.{% endif %}',
        'Merci,\n{{ business }}',
      ),
      button: 'Voir le document',
    },
    receipt: {
      subject: 'Reçu {{ number }} de {{ business }}',
      body: paragraphs(
        'Bonjour {{ customer }},',
        'nous avons bien reçu {{ amount }}{% if description %} pour « {{ description }} »{% endif %} ({{ method }}). Votre reçu est joint.',
        'Merci,\n{{ business }}',
      ),
      button: '',
    },
    charge_failed: {
      subject:
        '{% if confirm %}Veuillez confirmer le paiement de {{ number }}{% else %}{{ number }} n’a pas pu être débitée{% endif %}',
      body: paragraphs(
        'Bonjour {{ customer }},',
        'comme convenu, nous avons présenté un paiement de {{ amount }} pour la facture {{ number }} ({{ method }}). {% if confirm %}Votre banque vous demande de le confirmer : {{ confirm }}{% else %}Il n’a pas abouti. {{ reason }}{% endif %}',
        '{% unless confirm %}Veuillez la régler par le lien ci-dessous.\n\n{% endunless %}Merci,\n{{ business }}',
      ),
      button: 'Voir la facture',
    },
    statement: {
      subject: 'Votre relevé de compte chez {{ business }}',
      body: paragraphs(
        'Bonjour {{ customer }},',
        '{% if message %}{{ message }}{% else %}vous trouverez ci-joint votre relevé de compte du {{ from }} au {{ until }}.{% if balance %} Le solde est de {{ balance }}{% if overdue %}, dont {{ overdue }} en retard{% endif %}.{% endif %}{% endif %}',
        '{% if link %}Sur votre page, vous voyez et réglez ce qui reste dû. Le lien est pour vous seul ; merci de ne pas le transmettre.\n\n{% endif %}Merci,\n{{ business }}',
      ),
      button: 'Ouvrir votre page',
    },
    customer_page: {
      subject: 'Votre page chez {{ business }}',
      body: paragraphs(
        'Bonjour {{ customer }},',
        'sur votre page, vous voyez et réglez vos factures, et modifiez vos cartes et vos coordonnées. Le lien est pour vous seul et fonctionne jusqu’au {{ until }}. Merci de ne pas le transmettre.',
        'Merci,\n{{ business }}',
      ),
      button: 'Ouvrir votre page',
    },
    address_confirmation: {
      subject: 'Est-ce votre adresse, pour {{ business }} ?',
      body: paragraphs(
        'Bonjour {{ customer }},',
        'cette adresse a été indiquée comme votre nouvelle adresse chez {{ business }}. Si c’était vous, confirmez-la dans la journée. Sinon, ne faites rien.',
        'Merci,\n{{ business }}',
      ),
      button: 'Confirmer cette adresse',
    },
  },
  es: {
    invoice: {
      subject: '{{ document }} {{ number }} de {{ business }}',
      body: paragraphs(
        'Hola, {{ customer }}:',
        '{% if message %}{{ message }}{% else %}Aquí tiene su documento: {{ document | downcase }} {{ number }} por {{ total }}{% if due %}, con vencimiento el {{ due }}{% endif %}.{% endif %}',
        'Gracias,\n{{ business }}',
      ),
      button: 'Ver el documento',
    },
    receipt: {
      subject: 'Recibo {{ number }} de {{ business }}',
      body: paragraphs(
        'Hola, {{ customer }}:',
        'Hemos recibido {{ amount }}{% if description %} por «{{ description }}»{% endif %} ({{ method }}). Su recibo va adjunto.',
        'Gracias,\n{{ business }}',
      ),
      button: '',
    },
    charge_failed: {
      subject:
        '{% if confirm %}Confirme el pago de {{ number }}{% else %}No se ha podido cobrar {{ number }}{% endif %}',
      body: paragraphs(
        'Hola, {{ customer }}:',
        'Según lo acordado, hemos intentado cobrar {{ amount }} por la factura {{ number }} ({{ method }}). {% if confirm %}Su banco le pide que lo confirme: {{ confirm }}{% else %}No ha sido posible. {{ reason }}{% endif %}',
        '{% unless confirm %}Puede pagarla en el enlace de abajo.\n\n{% endunless %}Gracias,\n{{ business }}',
      ),
      button: 'Ver la factura',
    },
    statement: {
      subject: 'Su extracto de cuenta en {{ business }}',
      body: paragraphs(
        'Hola, {{ customer }}:',
        '{% if message %}{{ message }}{% else %}Adjuntamos su extracto de cuenta del {{ from }} al {{ until }}.{% if balance %} El saldo es de {{ balance }}{% if overdue %}, de los que {{ overdue }} están vencidos{% endif %}.{% endif %}{% endif %}',
        '{% if link %}En su página puede ver y pagar lo pendiente. El enlace es solo para usted; no lo comparta, por favor.\n\n{% endif %}Gracias,\n{{ business }}',
      ),
      button: 'Abrir su página',
    },
    customer_page: {
      subject: 'Su página en {{ business }}',
      body: paragraphs(
        'Hola, {{ customer }}:',
        'En su página puede ver y pagar sus facturas y cambiar sus tarjetas y sus datos. El enlace es solo para usted y funciona hasta el {{ until }}. No lo comparta, por favor.',
        'Gracias,\n{{ business }}',
      ),
      button: 'Abrir su página',
    },
    address_confirmation: {
      subject: '¿Es esta su dirección, para {{ business }}?',
      body: paragraphs(
        'Hola, {{ customer }}:',
        'Esta dirección se ha indicado como la suya nueva en {{ business }}. Si fue usted, confírmela en el plazo de un día. Si no, no haga nada.',
        'Gracias,\n{{ business }}',
      ),
      button: 'Confirmar esta dirección',
    },
  },
  nl: {
    invoice: {
      subject: '{{ document }} {{ number }} van {{ business }}',
      body: paragraphs(
        'Beste {{ customer }},',
        '{% if message %}{{ message }}{% else %}hierbij ontvangt u {{ document | downcase }} {{ number }} van {{ total }}{% if due %}, te betalen uiterlijk {{ due }}{% endif %}.{% endif %}',
        'Met vriendelijke groet,\n{{ business }}',
      ),
      button: '{{ document }} bekijken',
    },
    receipt: {
      subject: 'Betaalbewijs {{ number }} van {{ business }}',
      body: paragraphs(
        'Beste {{ customer }},',
        'wij hebben {{ amount }}{% if description %} voor “{{ description }}”{% endif %} ontvangen ({{ method }}). Uw betaalbewijs is bijgevoegd.',
        'Met vriendelijke groet,\n{{ business }}',
      ),
      button: '',
    },
    charge_failed: {
      subject:
        '{% if confirm %}Bevestig de betaling van {{ number }}{% else %}{{ number }} kon niet worden afgeschreven{% endif %}',
      body: paragraphs(
        'Beste {{ customer }},',
        'zoals afgesproken hebben wij geprobeerd {{ amount }} voor factuur {{ number }} af te schrijven ({{ method }}). {% if confirm %}Uw bank vraagt u om het te bevestigen: {{ confirm }}{% else %}Dat is niet gelukt. {{ reason }}{% endif %}',
        '{% unless confirm %}Betaal de factuur via de link hieronder.\n\n{% endunless %}Met vriendelijke groet,\n{{ business }}',
      ),
      button: 'Factuur bekijken',
    },
    statement: {
      subject: 'Uw rekeningoverzicht bij {{ business }}',
      body: paragraphs(
        'Beste {{ customer }},',
        '{% if message %}{{ message }}{% else %}bijgevoegd is uw rekeningoverzicht van {{ from }} tot en met {{ until }}.{% if balance %} Het saldo is {{ balance }}{% if overdue %}, waarvan {{ overdue }} te laat is{% endif %}.{% endif %}{% endif %}',
        '{% if link %}Op uw pagina ziet en betaalt u wat openstaat. De link is alleen voor u; geef hem niet door.\n\n{% endif %}Met vriendelijke groet,\n{{ business }}',
      ),
      button: 'Uw pagina openen',
    },
    customer_page: {
      subject: 'Uw pagina bij {{ business }}',
      body: paragraphs(
        'Beste {{ customer }},',
        'op uw pagina ziet en betaalt u uw facturen en wijzigt u uw kaarten en gegevens. De link is alleen voor u en werkt tot {{ until }}. Geef hem niet door.',
        'Met vriendelijke groet,\n{{ business }}',
      ),
      button: 'Uw pagina openen',
    },
    address_confirmation: {
      subject: 'Is dit uw adres, voor {{ business }}?',
      body: paragraphs(
        'Beste {{ customer }},',
        'dit adres is bij {{ business }} als uw nieuwe opgegeven. Was u dat, bevestig het dan binnen een dag. Zo niet, dan hoeft u niets te doen.',
        'Met vriendelijke groet,\n{{ business }}',
      ),
      button: 'Dit adres bevestigen',
    },
  },
  it: {
    invoice: {
      subject: '{{ document }} {{ number }} da {{ business }}',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        '{% if message %}{{ message }}{% else %}ecco il Suo documento: {{ document | downcase }} {{ number }} di {{ total }}{% if due %}, con scadenza {{ due }}{% endif %}.{% endif %}',
        'Grazie,\n{{ business }}',
      ),
      button: 'Vedere il documento',
    },
    receipt: {
      subject: 'Ricevuta {{ number }} da {{ business }}',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        'abbiamo ricevuto {{ amount }}{% if description %} per «{{ description }}»{% endif %} ({{ method }}). La Sua ricevuta è allegata.',
        'Grazie,\n{{ business }}',
      ),
      button: '',
    },
    charge_failed: {
      subject:
        '{% if confirm %}Confermi il pagamento di {{ number }}{% else %}Non è stato possibile addebitare {{ number }}{% endif %}',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        'come concordato, abbiamo provato ad addebitare {{ amount }} per la fattura {{ number }} ({{ method }}). {% if confirm %}La Sua banca Le chiede di confermarlo: {{ confirm }}{% else %}Non è riuscito. {{ reason }}{% endif %}',
        '{% unless confirm %}Può pagarla con il link qui sotto.\n\n{% endunless %}Grazie,\n{{ business }}',
      ),
      button: 'Vedere la fattura',
    },
    statement: {
      subject: 'Il Suo estratto conto presso {{ business }}',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        '{% if message %}{{ message }}{% else %}in allegato il Suo estratto conto dal {{ from }} al {{ until }}.{% if balance %} Il saldo è di {{ balance }}{% if overdue %}, di cui {{ overdue }} già scaduti{% endif %}.{% endif %}{% endif %}',
        '{% if link %}Sulla Sua pagina vede e paga ciò che è aperto. Il link è solo per Lei; per favore non lo inoltri.\n\n{% endif %}Grazie,\n{{ business }}',
      ),
      button: 'Aprire la Sua pagina',
    },
    customer_page: {
      subject: 'La Sua pagina presso {{ business }}',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        'sulla Sua pagina vede e paga le Sue fatture e modifica le Sue carte e i Suoi dati. Il link è solo per Lei e funziona fino al {{ until }}. Per favore non lo inoltri.',
        'Grazie,\n{{ business }}',
      ),
      button: 'Aprire la Sua pagina',
    },
    address_confirmation: {
      subject: 'È questo il Suo indirizzo, per {{ business }}?',
      body: paragraphs(
        'Buongiorno {{ customer }},',
        'questo indirizzo è stato indicato come il Suo nuovo presso {{ business }}. Se è stato Lei, lo confermi entro un giorno. Altrimenti non serve fare nulla.',
        'Grazie,\n{{ business }}',
      ),
      button: 'Confermare questo indirizzo',
    },
  },
};

/** Words around those of a template, in a customer's language. */
export const FRAME_WORDS: Readonly<
  Record<MessageLanguage, { readonly test: string; readonly behindLink: string; readonly invoice: string }>
> = {
  en: {
    test: 'This is a test. Nothing here has to be paid.',
    behindLink: 'Behind the link you also find:',
    invoice: 'Invoice',
  },
  de: {
    test: 'Das ist ein Test. Hier muss nichts bezahlt werden.',
    behindLink: 'Über den Link finden Sie außerdem:',
    invoice: 'Rechnung',
  },
  fr: {
    test: 'Ceci est un essai. Rien n’est à payer ici.',
    behindLink: 'Derrière le lien, vous trouverez aussi :',
    invoice: 'Facture',
  },
  es: {
    test: 'Esto es una prueba. Aquí no hay nada que pagar.',
    behindLink: 'En el enlace encontrará también:',
    invoice: 'Factura',
  },
  nl: {
    test: 'Dit is een test. Hier hoeft niets betaald te worden.',
    behindLink: 'Achter de link vindt u ook:',
    invoice: 'Factuur',
  },
  it: {
    test: 'Questa è una prova. Qui non c’è nulla da pagare.',
    behindLink: 'Dietro il link trova anche:',
    invoice: 'Fattura',
  },
};
