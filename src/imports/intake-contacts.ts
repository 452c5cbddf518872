import { localeTag, NOTE_LENGTH_MAX, TAGS_MAX } from '../contacts/api.ts';
import { isCardNumberInPhone } from '../contacts/contact.ts';
import { sortNameOf } from '../contacts/search-terms.ts';
import { isCurrency } from '../foundation/currency.ts';
import { isTimeZone } from '../foundation/local-date.ts';
import { lineOf, makeDayReader, maskCell } from './cell.ts';
import type { CsvRow } from './csv-rows.ts';
import { readCustomCell } from './custom-cell.ts';
import { makeLineGroups } from './group-lines.ts';
import {
  CellReader,
  type Intake,
  type IntakeContext,
  NAME_LENGTH_MAX,
  type StagedContact,
  shortHash,
} from './intake.ts';
import { CUSTOM_PREFIX } from './mapping.ts';

/** Parts of the address and how long each may be. */
const BILLING = { line1: 200, line2: 200, city: 200, region: 200, postal_code: 20, tax_id: 40 } as const;
const TAG_LENGTH_MAX = 40;
const CUSTOM_TEXT_LENGTH_MAX = 500;
/** Characters of a note that take as much memory as a contact without one. */
const NOTE_CHARACTERS_PER_WEIGHT = 500;

/**
 * One contact per line. They are known again by their reference, without one by their e-mail address, without that by
 * a hash of the line, so that the same file twice makes nothing twice.
 */
export function takeContacts(context: IntakeContext): Intake {
  const { tally, settings, surroundings } = context;
  const cells = new CellReader(context);
  const dayOf = makeDayReader(settings.timeZone);
  const readDay = (cell: string) => {
    const at = cells.readDate(cell);
    return at === null ? null : dayOf(at);
  };
  const ownFields = surroundings.customFields.filter(
    ({ key }) => cells.columnOf(`${CUSTOM_PREFIX}${key}`) !== undefined,
  );
  const contacts = makeLineGroups<StagedContact>(
    context.folder,
    'contacts',
    (first, later) => {
      refuseAgain(first, later.line);
      return first;
    },
    { weightOf: ({ note }) => 1 + note.length / NOTE_CHARACTERS_PER_WEIGHT },
  );

  /** Told at once and not kept: a file in which one reference stands a million times takes no more memory than one. */
  function refuseAgain(first: StagedContact, line: number) {
    const message = `The same contact as in line ${first.line}.`;
    const about = { line, column: cells.nameOf('external_ref'), message, value: first.ref };
    tally.drop('refused', { ...about, reason: 'duplicate_in_file' }, null);
  }

  return {
    take(row) {
      if (!cells.accept(row)) return;
      const email = cells.email(row, 'email');
      const companyName = companyOf(row);
      const ownName = nameOf(row);
      const name = ownName || companyName || email;
      if (!name) {
        const about = { line: row.line, column: cells.nameOf('name'), message: 'A name is needed.' };
        return tally.drop('refused', { ...about, reason: 'value_missing' }, null);
      }
      const ref = cells.ref(row, 'external_ref') || email || `line ${shortHash(row.cells.join('\u0000'), 16)}`;
      const first = contacts.get(ref);
      if (first) return refuseAgain(first, row.line);
      contacts.set(ref, {
        ref,
        name,
        email,
        phone: phoneOf(row),
        companyName,
        ownerMemberId: ownerOf(row),
        country: cells.country(row, 'country'),
        billing: Object.fromEntries(
          Object.entries(BILLING)
            .map(([part, lengthMax]) => [part, cells.text(row, part, lengthMax)] as const)
            .filter(([, text]) => text !== ''),
        ),
        currency: currencyOf(row),
        locale: checked(row, 'locale', 'Not a language tag such as en-GB', (tag) => localeTag.safeParse(tag).success),
        timeZone: checked(row, 'time_zone', 'Not a time zone such as Europe/London', isTimeZone),
        custom: customOf(row),
        tags: tagsOf(row),
        note: cells.block(row, 'note', NOTE_LENGTH_MAX),
        line: row.line,
      });
    },
    relieve: () => contacts.relieve(),
    async finish(stage) {
      for await (const contact of contacts.drain(stage.relieve)) {
        tally.use(1, null);
        await stage.contacts.write(contact);
        await stage.relieve();
      }
    },
  };

  function nameOf(row: CsvRow): string {
    const parts = [cells.text(row, 'name', NAME_LENGTH_MAX), cells.text(row, 'last_name', NAME_LENGTH_MAX)];
    return parts.filter(Boolean).join(' ').slice(0, NAME_LENGTH_MAX);
  }

  /** A company by its name; one without letters or digits cannot be told from others. */
  function companyOf(row: CsvRow): string | null {
    const name = cells.text(row, 'company', NAME_LENGTH_MAX);
    if (name === '') return null;
    return sortNameOf(name) === '' ? cells.leftEmpty(row, 'company', 'Not a name', name) : name;
  }

  function ownerOf(row: CsvRow): string | null {
    const named = lineOf(cells.raw(row, 'owner'), NAME_LENGTH_MAX);
    if (named === '') return null;
    const id = surroundings.owners.get(named.toLowerCase());
    return id ?? cells.leftEmpty(row, 'owner', 'Nobody here has this e-mail address or name', named);
  }

  function currencyOf(row: CsvRow): string | null {
    const code = cells.raw(row, 'currency').trim().toUpperCase();
    if (code === '' || isCurrency(code)) return code || null;
    return cells.leftEmpty(row, 'currency', 'Not a currency known here', code);
  }

  function checked(row: CsvRow, field: string, why: string, suits: (text: string) => boolean): string | null {
    const text = cells.text(row, field, 64);
    if (text === '' || suits(text)) return text || null;
    return cells.leftEmpty(row, field, why, text);
  }

  function tagsOf(row: CsvRow): string[] {
    const tags = cells
      .text(row, 'tags', 2_000)
      .split(/[,;|]/)
      .map((tag) => tag.trim().toLowerCase().slice(0, TAG_LENGTH_MAX))
      .filter(Boolean);
    return [...new Set(tags)].slice(0, TAGS_MAX);
  }

  function customOf(row: CsvRow): Record<string, string | number | boolean> {
    const values: Record<string, string | number | boolean> = {};
    for (const field of ownFields) {
      const name = `${CUSTOM_PREFIX}${field.key}`;
      const text = cells.text(row, name, CUSTOM_TEXT_LENGTH_MAX);
      if (text === '') continue;
      const read = readCustomCell(field, text, { decimalMark: settings.decimalMark, readDay });
      if ('value' in read) values[field.key] = read.value;
      else cells.leftEmpty(row, name, read.problem.replace(/\.$/, ''), text);
    }
    return values;
  }

  /** A telephone number as contacts keep it; what is none, or is a card number, is noted and left empty. */
  function phoneOf(row: CsvRow): string | null {
    const phone = cells.raw(row, 'phone').trim();
    if (phone === '') return null;
    const isNumber =
      phone.length <= 40 && /^\+?[0-9 ()./\-\u00a0]+$/.test(phone) && /^\d{4,15}$/.test(phone.replace(/\D/g, ''));
    if (isNumber && !isCardNumberInPhone(phone)) return phone;
    return cells.leftEmpty(row, 'phone', 'Not a telephone number', maskCell(phone));
  }
}
