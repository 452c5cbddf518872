import { describe, expect, it } from 'vitest';
import { stripeDescription } from './description.ts';
import { readForm } from './form-body.ts';

const { problemsOfRequest, problemsOfAnswer } = stripeDescription();
const charge = (form: string) => problemsOfRequest('POST', '/v1/payment_intents', readForm(form));

describe('Stripe’s description', () => {
  it.each([
    ['amount=1200&currency=usd&confirm=true&off_session=true&metadata[attempt_id]=x&expand[0]=latest_charge', 0],
    [
      'amount=1200&currency=usd&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never',
      0,
    ],
    ['currency=usd', 1],
    ['amount=twelve&currency=usd', 1],
    ['amount=1200&currency=usd&attempt=x', 1],
    ['amount=1200&currency=usd&automatic_payment_methods[enabled]=perhaps', 1],
    ['amount=1200&currency=usd&confirm=perhaps', 1],
  ])('of a charge with %s finds %i mistakes', (form, mistakes) => {
    expect(charge(form).length > 0).toBe(mistakes > 0);
  });

  it('knows which queries a list takes', () => {
    const list = (form: string) => problemsOfRequest('GET', '/v1/payment_intents', readForm(form));
    expect(list('customer=cus_1&limit=100&starting_after=pi_1&expand[]=data.latest_charge')).toEqual([]);
    expect(list('customers=cus_1')).toHaveLength(1);
    expect(list('limit=many')).toHaveLength(1);
  });

  it('sees what is wrong deep inside an answer', () => {
    const account = { id: 'acct_1', object: 'account' };
    const answer = (body: unknown) => problemsOfAnswer('GET', '/v1/account', 200, body);
    expect(answer(account)).toEqual([]);
    expect(answer({ ...account, email: null, settings: null })).toEqual([]);
    expect(answer({ id: 'acct_1' })).toHaveLength(1);
    expect(answer({ ...account, object: 'charge' })).toHaveLength(1);
    expect(answer({ ...account, business_profile: { name: 7 } }).length).toBeGreaterThan(0);
  });

  it('speaks only of what is there', () => {
    expect(problemsOfRequest('POST', '/v1/no_such_thing', {})).toHaveLength(1);
    expect(problemsOfAnswer('GET', '/v1/no_such_thing', 200, {})).toHaveLength(1);
  });
});

describe('a form with nested keys', () => {
  it.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['m[k]=v&m[l]=w', { m: { k: 'v', l: 'w' } }],
    ['e[]=x&e[]=y', { e: ['x', 'y'] }],
    ['e[0]=x&e[1]=y', { e: ['x', 'y'] }],
    ['a[b][c]=1&a[b][d][0]=2', { a: { b: { c: '1', d: ['2'] } } }],
    ['t=%26%3D+x', { t: '&= x' }],
  ])('%s', (encoded, form) => expect(readForm(encoded)).toEqual(form));
});
