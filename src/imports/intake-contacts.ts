import { isCurrency } from '../foundation/currency.ts';
import { makeLineGroups } from './group-lines.ts';
import {
  CellReader,
  type Intake,
  type IntakeContext,
  NAME_LENGTH_MAX,
  type StagedContact,
  shortHash,
} from './intake.ts';

interface ContactGroup {
  readonly contact: StagedContact;
  /** Lines that name the same contact again. */
  readonly again: readonly number[];
}

const BILLING = ['line1', 'line2', 'city', 'region', 'postal_code', 'tax_id'] as const;
/** Most tags on one contact. */
const TAGS_MAX = 50;

/**
 * One contact per line. They are known again by their reference, without one by their e-mail address, without that by
 * a hash of the line, so that the same file twice makes nothing twice.
 */
export function takeContacts(context: IntakeContext): Intake {
  const { tally } = context;
  const cells = new CellReader(context);
  const contacts = makeLineGroups<ContactGroup>(context.folder, 'contacts', (earlier, later) => ({
    contact: earlier.contact,
    again: [...earlier.again, later.contact.line, ...later.again],
  }));

  return {
    take(row) {
      if (!cells.accept(row)) return;
      const first = cells.text(row, 'name', NAME_LENGTH_MAX);
      const name = [first, cells.text(row, 'last_name', NAME_LENGTH_MAX)]
        .filter(Boolean)
        .join(' ')
        .slice(0, NAME_LENGTH_MAX);
      const email = cells.email(row, 'email');
      if (name === '' && email === null) {
        tally.drop(
          'refused',
          { line: row.line, column: cells.nameOf('name'), reason: 'value_missing', message: 'A name is needed.' },
          null,
        );
        return;
      }
      const currency = cells.raw(row, 'currency').trim().toUpperCase();
      if (currency !== '' && !isCurrency(currency)) {
        tally.note({
          line: row.line,
          column: cells.nameOf('currency'),
          reason: 'value_wrong',
          message: 'Not a currency known here: left empty.',
          value: currency,
        });
      }
      const tags = cells
        .text(row, 'tags', 2_000)
        .split(/[,;|]/)
        .map((tag) => tag.trim().toLowerCase().slice(0, 40))
        .filter(Boolean);
      const ref = cells.ref(row, 'external_ref') || email || `line ${shortHash(row.cells.join('\u0000'), 16)}`;
      const contact: StagedContact = {
        ref,
        name: name || (email ?? ref),
        email,
        phone: cells.raw(row, 'phone') === '' ? null : phoneOf(cells.raw(row, 'phone'), row.line),
        country: cells.country(row, 'country'),
        billing: Object.fromEntries(
          BILLING.map((part) => [part, cells.text(row, part, 200)]).filter(([, text]) => text !== ''),
        ),
        currency: isCurrency(currency) ? currency : null,
        tags: [...new Set(tags)].slice(0, TAGS_MAX),
        line: row.line,
      };
      const earlier = contacts.get(ref);
      contacts.set(
        ref,
        earlier ? { contact: earlier.contact, again: [...earlier.again, row.line] } : { contact, again: [] },
      );
    },
    relieve: () => contacts.relieve(),
    async finish(stage) {
      for await (const { contact, again } of contacts.drain()) {
        await stage.relieve();
        tally.use(1, null);
        await stage.contacts.write(contact);
        for (const line of again) {
          const message = `The same contact as in line ${contact.line}.`;
          tally.drop(
            'refused',
            { line, column: cells.nameOf('external_ref'), reason: 'duplicate_in_file', message, value: contact.ref },
            null,
          );
        }
      }
    },
  };

  /** A telephone number as contacts keep it; what is none is noted and left empty. */
  function phoneOf(cell: string, line: number): string | null {
    const phone = cell.trim();
    if (phone.length <= 40 && /^\+?[0-9 ()./\-\u00a0]+$/.test(phone) && /^\d{4,15}$/.test(phone.replace(/\D/g, '')))
      return phone;
    tally.note({
      line,
      column: cells.nameOf('phone'),
      reason: 'value_wrong',
      message: 'Not a telephone number: left empty.',
      value: phone,
    });
    return null;
  }
}
