import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import type { WorkspaceTx } from '../foundation/database.ts';
import { fromPublicId, newId } from '../foundation/id.ts';
import { chargeSettled } from '../ledger/bookings.ts';
import { postEntries } from '../ledger/post-entry.ts';
import { verifyBooks } from '../ledger/verify-books.ts';
import type { Contact, ContactRow, Merge, Note } from './api.ts';
import { createContact } from './create-contact.ts';
import { mergeContacts } from './merge-contacts.ts';
import { contactIdsOfRoot, readContactRows, readContacts, readRootsForShare } from './read-contact.ts';
import { standingUnder, unmergeContacts } from './unmerge-contacts.ts';

const server = await testServer();
const { call, database } = server;
let home: TestWorkspace;

beforeAll(async () => {
  home = await server.workspace();
});

const inHome = <T>(work: (tx: WorkspaceTx) => Promise<T>) => database.inWorkspace(home.id, work);
const uuidOf = (publicId: string) => fromPublicId('contact', publicId)!;

async function addPerson(name: string, more: { email?: string; tags?: string[] } = {}): Promise<Contact> {
  const caller = await home.caller();
  return inHome((tx) => createContact(tx, caller, { name, ...more }));
}

/** Money received from a contact, as the payments room posts it: under the share lock that merging waits for. */
async function receive(contactId: string, amountMinor: bigint, currency = 'USD') {
  const at = server.clock.now();
  await inHome(async (tx) => {
    const roots = await readRootsForShare(tx, [contactId]);
    const about = {
      entryId: newId(),
      paymentId: newId(),
      contactId,
      currency,
      amountMinor,
      account: 'bank',
      taxMinor: 0n,
      feeMinor: 0n,
    } as const;
    const moment = { effectiveOn: '2026-03-02', effectiveAt: at, recordedAt: at };
    await postEntries(tx, [chargeSettled({ ...about, ...moment })], roots);
  });
}

const ltvOf = async (id: string) => (await inHome((tx) => readContactRows(tx, [id])))[0]!.ltv;
const listed = async (query: string) =>
  (await call<{ data: ContactRow[] }>('GET', `/v1/contacts?${query}`, { as: home.apiKey })).body.data;

test('a merged pair is one customer: money, tags, notes and search; parting restores both exactly', async () => {
  const kept = await addPerson('Keeper Kay', { email: 'kay@example.com', tags: ['a'] });
  const merged = await addPerson('Doubled Kim', { email: 'kim@example.org', tags: ['b'] });
  await receive(uuidOf(kept.id), 1_000n);
  await receive(uuidOf(merged.id), 250n);
  await receive(uuidOf(merged.id), 900n, 'EUR');
  await call('POST', `/v1/contacts/${merged.id}/notes`, { as: home.apiKey, body: { body: 'of Kim' } });
  const before = await inHome((tx) => readContactRows(tx, [uuidOf(kept.id), uuidOf(merged.id)]));

  const path = `/v1/contacts/${kept.id}/merges`;
  const merge = await call<Merge>('POST', path, { as: home.apiKey, body: { merged_contact_id: merged.id } });
  expect(merge.status, merge.text).toBe(201);
  expect(merge.body).toMatchObject({
    kept: { name: 'Keeper Kay' },
    merged: { name: 'Doubled Kim' },
    unmerged_at: null,
  });

  const [row, ...others] = await listed('search=doubled');
  expect(others).toEqual([]);
  expect(row).toMatchObject({ id: kept.id, tags: ['a', 'b'] });
  expect(row!.ltv).toEqual([
    { currency: 'USD', amount_minor: 1_250 },
    { currency: 'EUR', amount_minor: 900 },
  ]);
  expect((await listed('tag=b')).map((each) => each.id)).toEqual([kept.id]);
  expect((await listed('search=kay+kim')).map((each) => each.id)).toEqual([kept.id]);
  const notes = await call<{ data: Note[] }>('GET', `/v1/contacts/${kept.id}/notes`, { as: home.apiKey });
  expect(notes.body.data.map((note) => note.body)).toEqual(['of Kim']);
  const gone = await call<Contact>('GET', `/v1/contacts/${merged.id}`, { as: home.apiKey });
  expect(gone.body.merged_into).toBe(kept.id);
  for (const [method, suffix, body] of [
    ['PATCH', '', { name: 'X' }],
    ['POST', '/notes', { body: 'x' }],
    ['PUT', '/tags/x', undefined],
  ] as const) {
    const refused = await call(method, `/v1/contacts/${merged.id}${suffix}`, { as: home.apiKey, body });
    expect([refused.status, refused.body.code]).toEqual([409, 'contact_merged']);
  }

  const undone = await call<Merge>('DELETE', `/v1/merges/${merge.body.id}`, { as: home.apiKey });
  expect(undone.body.unmerged_at).not.toBeNull();
  expect(await inHome((tx) => readContactRows(tx, [uuidOf(kept.id), uuidOf(merged.id)]))).toEqual(before);
  expect((await call('DELETE', `/v1/merges/${merge.body.id}`, { as: home.apiKey })).status).toBe(409);
  const list = await call<{ data: Merge[] }>('GET', path, { as: home.apiKey });
  expect(list.body.data).toHaveLength(1);
  expect(await inHome(verifyBooks)).toEqual([]);
});

test('money that comes while merged stays with the contact it came for', async () => {
  const kept = await addPerson('Kept While');
  const merged = await addPerson('Merged While');
  const caller = await home.caller();
  const merge = await inHome((tx) => mergeContacts(tx, caller, uuidOf(kept.id), uuidOf(merged.id)));
  await receive(uuidOf(merged.id), 700n);
  await receive(uuidOf(kept.id), 30n);
  expect(await ltvOf(uuidOf(kept.id))).toEqual([{ currency: 'USD', amount_minor: 730 }]);
  await inHome((tx) => unmergeContacts(tx, caller, fromPublicId('merge', merge.id)!));
  expect(await ltvOf(uuidOf(merged.id))).toEqual([{ currency: 'USD', amount_minor: 700 }]);
  expect(await ltvOf(uuidOf(kept.id))).toEqual([{ currency: 'USD', amount_minor: 30 }]);
});

describe('merges that are refused', () => {
  test('with itself, with somebody merged, into somebody archived, with nobody', async () => {
    const [a, b, c] = await Promise.all([addPerson('Ref A'), addPerson('Ref B'), addPerson('Ref C')]);
    const merge = (kept: Contact, mergedId: string) =>
      call('POST', `/v1/contacts/${kept.id}/merges`, { as: home.apiKey, body: { merged_contact_id: mergedId } });
    const codeOf = async (answer: ReturnType<typeof merge>) => (await answer).body.code;
    expect(await codeOf(merge(a, a.id))).toBe('merge_conflict');
    expect((await merge(a, b.id)).status).toBe(201);
    expect(await codeOf(merge(c, b.id))).toBe('merge_conflict');
    expect(await codeOf(merge(b, c.id))).toBe('contact_merged');
    await call('POST', `/v1/contacts/${c.id}/archival`, { as: home.apiKey });
    expect(await codeOf(merge(c, a.id))).toBe('contact_archived');
    expect((await merge(a, 'con_00000000000000000000000000')).status).toBe(409);
    expect((await merge(a, 'con_x')).status).toBe(422);
  });
});

test('two merges of the same contact at once: one wins, nobody is counted twice', async () => {
  const [a, b, c] = await Promise.all([addPerson('Race A'), addPerson('Race B'), addPerson('Race C')]);
  await receive(uuidOf(c.id), 500n);
  const caller = await home.caller();
  const results = await Promise.allSettled([
    inHome((tx) => mergeContacts(tx, caller, uuidOf(a.id), uuidOf(c.id))),
    inHome((tx) => mergeContacts(tx, caller, uuidOf(b.id), uuidOf(c.id))),
    receive(uuidOf(c.id), 11n),
  ]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  const sums = await Promise.all([a, b, c].map((contact) => ltvOf(uuidOf(contact.id))));
  expect(sums.flatMap((ltv) => ltv!.map((row) => row.amount_minor))).toEqual([511]);
  expect(await inHome(verifyBooks)).toEqual([]);
});

test.each([
  ['a', [], ['a']],
  [
    'a',
    [
      ['a', 'b'],
      ['b', 'c'],
      ['x', 'a'],
    ],
    ['a', 'b', 'c'],
  ],
  [
    'c',
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
    ['c'],
  ],
] as const)('who stands under %s by %j: %j', (contact, merges, expected) => {
  const holding = merges.map(([kept_id, merged_id]) => ({ kept_id, merged_id }));
  expect(standingUnder(contact, holding)).toEqual(expected);
});

/** What a history does: merge, undo a merge that holds, or receive money; numbers choose among what there is. */
type Step =
  | { do: 'merge'; a: number; b: number }
  | { do: 'unmerge'; which: number }
  | { do: 'receive'; who: number; amount: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('merge' as const), a: fc.nat(5), b: fc.nat(5) }),
  fc.record({ do: fc.constant('unmerge' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('receive' as const), who: fc.nat(5), amount: fc.integer({ min: 1, max: 9_999 }) }),
);

test('histories of merging, parting and money: groups and sums are those of the merges that hold, and undoing all restores', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const caller = await home.caller();
      const people = await Promise.all(Array.from({ length: 6 }, (_, index) => addPerson(`History ${index}`)));
      const ids = people.map((person) => uuidOf(person.id));
      const before = await inHome((tx) => readContacts(tx, ids));
      const received = new Map(ids.map((id) => [id, 0]));
      let holding: { id: string; kept_id: string; merged_id: string }[] = [];
      const rootOf = (id: string): string => {
        const into = holding.find((merge) => merge.merged_id === id);
        return into ? rootOf(into.kept_id) : id;
      };
      const undo = async (merge: (typeof holding)[number]) => {
        await inHome((tx) => unmergeContacts(tx, caller, merge.id));
        holding = holding.filter((each) => each !== merge);
      };
      const expectAsHeld = async () => {
        for (const id of ids.filter((each) => rootOf(each) === each)) {
          const group = ids.filter((each) => rootOf(each) === id).sort();
          expect(await inHome((tx) => contactIdsOfRoot(tx, id))).toEqual(group);
          const sum = group.reduce((total, each) => total + received.get(each)!, 0);
          expect(await ltvOf(id)).toEqual(sum === 0 ? [] : [{ currency: 'USD', amount_minor: sum }]);
        }
      };
      for (const each of steps) {
        if (each.do === 'receive') {
          await receive(ids[each.who]!, BigInt(each.amount));
          received.set(ids[each.who]!, received.get(ids[each.who]!)! + each.amount);
        } else if (each.do === 'merge') {
          const [kept_id, merged_id] = [rootOf(ids[each.a]!), rootOf(ids[each.b]!)];
          if (kept_id === merged_id) continue;
          const merge = await inHome((tx) => mergeContacts(tx, caller, kept_id, merged_id));
          holding.push({ id: fromPublicId('merge', merge.id)!, kept_id, merged_id });
        } else if (holding.length > 0) {
          await undo(holding[each.which % holding.length]!);
        }
        await expectAsHeld();
      }
      while (holding.length > 0) await undo(holding[0]!);
      await expectAsHeld();
      expect(await inHome((tx) => readContacts(tx, ids))).toEqual(before);
    }),
    { numRuns: 25 },
  );
  expect(await inHome(verifyBooks)).toEqual([]);
});
