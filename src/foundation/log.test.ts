import pg from 'pg';
import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { newSecret } from './id.ts';
import { makeLog } from './log.ts';

const PLANTED = 'planted-4Kq8WmZr';

function logged(details: object, words = 'something failed'): { text: string; line: Record<string, unknown> } {
  let text = '';
  const log = makeLog('debug', {
    write: (line) => {
      text += line;
    },
  });
  log.error(details, words);
  return { text, line: JSON.parse(text) as Record<string, unknown> };
}

const thrownBy = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
};
const withFields = (error: Error, fields: object) => Object.assign(error, fields);

test.each<[string, unknown, object]>([
  [
    'a row that PostgreSQL refused',
    withFields(new pg.DatabaseError('violates check constraint "c"', 1, 'error'), {
      code: '23514',
      table: 'gateway_events',
      constraint: 'c',
      detail: `Failing row contains (${PLANTED}).`,
      where: PLANTED,
      internalQuery: PLANTED,
    }),
    { code: '23514', table: 'gateway_events', constraint: 'c', message: 'violates check constraint "c"' },
  ],
  [
    'a value that PostgreSQL refused',
    withFields(new pg.DatabaseError(`invalid input syntax for type uuid: "a "quoted" ${PLANTED}"`, 1, 'error'), {
      code: '22P02',
      severity: 'ERROR',
    }),
    { code: '22P02', message: 'invalid input syntax for type uuid: "…"' },
  ],
  [
    'an error of Stripe with all that it carries',
    new Stripe.errors.StripeCardError({
      message: 'Your card was declined.',
      type: 'card_error',
      code: 'card_declined',
      payment_intent: { client_secret: `pi_1_secret_${PLANTED}` },
      headers: { authorization: PLANTED },
    } as never),
    { code: 'card_declined', message: 'Your card was declined.' },
  ],
  [
    'an error of a mail server',
    withFields(new Error('Invalid login'), { code: 'EAUTH', response: `535 ${PLANTED}`, command: `AUTH ${PLANTED}` }),
    { code: 'EAUTH', message: 'Invalid login' },
  ],
  ['text that is no JSON', thrownBy(() => JSON.parse(`${PLANTED}{"`)), { message: 'Some text is not valid JSON.' }],
  ['JSON that breaks off', thrownBy(() => JSON.parse(`{"a":"${PLANTED}`)), { message: 'Some text is not valid JSON.' }],
  [
    'its cause, and the causes of several',
    new AggregateError(
      [withFields(new Error('one', { cause: withFields(new Error('inner'), { body: PLANTED }) }), { raw: PLANTED })],
      'several',
    ),
    { message: 'several', errors: [{ message: 'one', cause: { message: 'inner' } }] },
  ],
  ['something thrown that is no error', { secret: PLANTED, anything: PLANTED }, { type: 'thrown object' }],
  ['a text that was thrown', PLANTED, { type: 'thrown string' }],
  ['a very long message', new Error(`${'x'.repeat(400)}${PLANTED}`), { message: `${'x'.repeat(300)}…` }],
])('of %s only what is not somebody’s data is told', (_what, err, told) => {
  const { text, line } = logged({ err });
  expect(text).not.toContain(PLANTED);
  expect(line).toMatchObject({ level: 50, msg: 'something failed', err: told });
});

test('an error says where it happened', () => {
  const { err } = logged({ err: new Error('gone wrong') }).line as { err: { stack: string } };
  expect(err.stack).toMatch(/^ {4}at .*log\.test\.ts/);
});

test('causes that go round in a ring end', () => {
  const [one, other] = [new Error('one'), new Error('other')];
  one.cause = other;
  other.cause = one;
  expect(logged({ err: one }).line).toMatchObject({ err: { cause: { cause: { message: 'one' } } } });
});

test.each([
  ['sk_test_51HxYzAbCdEfGh4242', 'sk_test_••••'],
  ['rk_live_51HxYzAbCdEfGh4242', 'rk_live_••••'],
  ['whsec_0123456789abcdef', 'whsec_••••'],
  ['pi_123_secret_AbC456', 'pi_123_secret_••••'],
  ['test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM', 'test_••••'],
  ['access_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM', 'access_••••'],
  [`cfk_live_${newSecret()}`, 'cfk_live_••••'],
  ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer ••••'],
  ['smtps://ada:hunter2@mail.example.com', 'smtps://ada:••••@mail.example.com'],
  ['postgres://:hunter2@localhost/books', 'postgres://:••••@localhost/books'],
  ['/card/Zk3-q9XbT_7mWv2LpRs8NcYd5HgJf1QaEo6UiVtKxBw', '/card/••••'],
  ['paid with 4242 4242 4242 4242', 'paid with •••• 4242'],
  ['ledger_transfers_workspace_id_entry_id_fkey12', 'ledger_transfers_workspace_id_entry_id_fkey12'],
  ['https://example.com/a:b@c', 'https://example.com/a:b@c'],
])('%j is written as %j, in words and in fields', (said, shown) => {
  const { line } = logged({ what: said, err: new Error(said) }, said);
  expect(line).toMatchObject({ msg: shown, what: shown, err: { message: shown } });
});

test('a line is JSON whatever the time', () => {
  // As milliseconds, this moment would pass for a card number.
  const { line } = logged({});
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});
