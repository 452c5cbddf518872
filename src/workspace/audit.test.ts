import { describe, expect, test } from 'vitest';
import { testServer } from '../../tests/setup/server.ts';
import { toPublicId } from '../foundation/id.ts';
import type { AuditEntry } from './api.ts';
import { maskDetails } from './audit.ts';
import { sealAudit } from './seal-audit.ts';
import { verifyAudit } from './verify-audit.ts';
import { auditRow, recordAudit, recordAudits } from './write-audit.ts';

const server = await testServer();
const { call, database } = server;

type Page = { data: AuditEntry[]; next_cursor: string | null };

/** A workspace with `count` more rows in its log. */
async function withRows(count: number) {
  const workspace = await server.workspace();
  const caller = await workspace.caller();
  const rows = Array.from({ length: count }, (_, i) => ({
    ...auditRow(caller, { action: 'test.done', subjectKind: null, subjectId: null, details: { number: i } }),
    at: new Date(caller.now.getTime() + i),
  }));
  await database.inWorkspace(workspace.id, (tx) => recordAudits(tx, rows));
  return workspace;
}

describe('the log', () => {
  test('says who did what, when, from where and to what', async () => {
    const { owner, id, publicId } = await server.workspace();
    await call('PATCH', '/v1/workspace', { as: owner, body: { name: 'Renamed' } });
    const { body } = await call<Page>('GET', '/v1/audit-log?limit=1', { as: owner });
    expect(body.data[0]).toMatchObject({
      actor: { kind: 'member', id: toPublicId('member', owner.memberId!), name: 'Olive Owner' },
      action: 'workspace.edited',
      subject: { kind: 'workspace', id: publicId },
      details: { name: { from: 'Harbour Studio', to: 'Renamed' } },
      ip: '127.0.0.1',
      seal: null,
    });
    await sealAudit(database, id);
    const sealed = await call<Page>('GET', '/v1/audit-log?limit=1', { as: owner });
    expect(sealed.body.data[0]!.seal).toBe(3);
  });

  test('is read in pages, without a gap or a double', async () => {
    const { apiKey } = await withRows(25);
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await call<Page>('GET', `/v1/audit-log?limit=7${cursor}`, { as: apiKey });
      seen.push(...body.data.map(({ id }) => id));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toHaveLength(27);
    expect(new Set(seen).size).toBe(27);
  });

  test('is filtered by subject, actor and action', async () => {
    const { owner, apiKey, member } = await server.workspace();
    const staff = await member('staff');
    const staffId = toPublicId('member', staff.memberId!);
    await call('PATCH', `/v1/members/${staffId}`, { as: owner, body: { role: 'viewer' } });
    await call('PUT', '/v1/switches/payments_and_ltv', { as: apiKey, body: { enabled: false } });
    const actions = async (query: string) =>
      (await call<Page>('GET', `/v1/audit-log?${query}`, { as: apiKey })).body.data.map(({ action }) => action);
    expect(await actions(`subject=${staffId}`)).toEqual(['member.changed']);
    expect(await actions(`actor=${toPublicId('member', owner.memberId!)}`)).toEqual([
      'member.changed',
      'workspace.created',
    ]);
    expect(await actions('action=switch.changed')).toEqual(['switch.changed']);
    expect(await actions('action=workspace')).toEqual(['workspace.created']);
    for (const query of ['subject=nonsense', 'cursor=nonsense', 'limit=0', 'limit=201', 'action=%25']) {
      expect((await call('GET', `/v1/audit-log?${query}`, { as: apiKey })).status).toBe(422);
    }
  });

  test('keeps no card number', async () => {
    expect(
      maskDetails({
        note: 'card 4242 4242 4242 4242',
        deep: [{ x: '4000056655665556' }],
        amount_minor: 4242424242424242,
      }),
    ).toEqual({
      note: 'card •••• 4242',
      deep: [{ x: '•••• 5556' }],
      amount_minor: 4242424242424242,
    });
    const workspace = await server.workspace();
    await database.inWorkspace(workspace.id, async (tx) =>
      recordAudit(tx, await workspace.caller(), {
        action: 'test.done',
        subjectKind: null,
        subjectId: null,
        details: { text: '4242424242424242' },
      }),
    );
    const { text } = await call('GET', '/v1/audit-log', { as: workspace.apiKey });
    expect(text).not.toContain('4242424242424242');
  });

  test('cannot be changed by the program itself', async () => {
    const { id } = await withRows(1);
    for (const statement of [
      'UPDATE audit_log SET action = $2 WHERE workspace_id = $1',
      'UPDATE audit_seals SET hash = $2 WHERE workspace_id = $1',
      'UPDATE audit_heads SET hash = $2 WHERE workspace_id = $1',
    ]) {
      await expect(
        database.inWorkspace(id, (tx) => tx.run({ text: statement, values: [id, 'x'] })),
      ).rejects.toMatchObject({ code: '42501' });
    }
    await sealAudit(database, id);
    for (const table of ['audit_log', 'audit_seals', 'audit_heads']) {
      await expect(
        database.inWorkspace(id, (tx) =>
          tx.run({ text: `DELETE FROM ${table} WHERE workspace_id = $1`, values: [id] }),
        ),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the chain', () => {
  test('holds, also over many groups and with sealers at the same moment', async () => {
    const { id } = await withRows(1_203);
    const counts = await Promise.all([sealAudit(database, id), sealAudit(database, id), sealAudit(database, id)]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(1_205);
    const verdict = await verifyAudit(database, id);
    expect(verdict).toMatchObject({ count: 1_205, problems: [] });
    expect(verdict.head).toEqual({ seq: 1_205n, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('goes on where it ended, and takes rows that were committed late', async () => {
    const workspace = await withRows(5);
    await sealAudit(database, workspace.id);
    const caller = await workspace.caller();
    const late = (at: number) => ({
      ...auditRow(caller, { action: 'test.late', subjectKind: null, subjectId: null }),
      at: new Date(at),
    });
    await database.inWorkspace(workspace.id, (tx) => recordAudits(tx, [late(caller.now.getTime() - 20_000)]));
    expect(await sealAudit(database, workspace.id)).toBe(1);
    await database.inWorkspace(workspace.id, (tx) => recordAudits(tx, [late(caller.now.getTime() - 86_400_000)]));
    expect(await sealAudit(database, workspace.id)).toBe(0);
    expect(await verifyAudit(database, workspace.id)).toMatchObject({ count: 9, problems: [] });
  });

  /** Takes the newest `count` links off, with the rows they cover: what an owner of the machine could do. */
  async function cutOff(id: string, count: number) {
    await database.asOwner('ALTER TABLE audit_seals DROP CONSTRAINT IF EXISTS audit_seals_workspace_id_audit_id_fkey');
    await database.asOwner(
      `WITH s AS (
         DELETE FROM audit_seals WHERE workspace_id = $1
           AND seq > (SELECT max(seq) - $2 FROM audit_seals WHERE workspace_id = $1) RETURNING audit_id
       ) DELETE FROM audit_log WHERE workspace_id = $1 AND id IN (SELECT audit_id FROM s)`,
      [id, count],
    );
  }

  test('shows that its end was cut off, also after it went on', async () => {
    const workspace = await withRows(10);
    await sealAudit(database, workspace.id);
    await cutOff(workspace.id, 3);
    const missing = 'Audit links 10 to 12 are missing: the end of the log was cut off.';
    expect((await verifyAudit(database, workspace.id)).problems).toEqual([missing]);
    const more = auditRow(await workspace.caller(), { action: 'test.done', subjectKind: null, subjectId: null });
    await database.inWorkspace(workspace.id, (tx) => recordAudits(tx, [more]));
    const { problems, head } = await verifyAudit(database, workspace.id);
    expect(problems).toContain('Audit links 10 to 12 are missing.');
    expect(head.seq).toBe(13n);
  });

  test('whose end was cut off together with its heads is found out by a place noted elsewhere', async () => {
    const workspace = await withRows(10);
    const { head } = await verifyAudit(database, workspace.id);
    expect((await verifyAudit(database, workspace.id, [head])).problems).toEqual([]);
    await cutOff(workspace.id, 3);
    await database.asOwner('DELETE FROM audit_heads WHERE workspace_id = $1', [workspace.id]);
    expect((await verifyAudit(database, workspace.id)).problems).toEqual([]);
    expect((await verifyAudit(database, workspace.id, [head])).problems).toEqual([
      'Audit link 12, which was noted elsewhere, is missing.',
    ]);
    expect((await verifyAudit(database, workspace.id, [{ ...head, seq: 5n }])).problems).toEqual([
      'Audit link 5 is not the one noted elsewhere.',
    ]);
  });

  test('of a log that was sealed before heads were kept gets its head and goes on', async () => {
    const { id } = await withRows(3);
    await sealAudit(database, id);
    await database.asOwner('DELETE FROM audit_heads WHERE workspace_id = $1', [id]);
    expect(await verifyAudit(database, id)).toMatchObject({ count: 5, problems: [] });
    await cutOff(id, 1);
    expect((await verifyAudit(database, id)).problems).toHaveLength(1);
  });

  const tampering: [string, string, RegExp][] = [
    [
      'altered words',
      `UPDATE audit_log SET details = '{"number": 99}' WHERE id = $2 AND workspace_id = $1`,
      /is not what was sealed/,
    ],
    [
      'an altered time, by a microsecond',
      `UPDATE audit_log SET at = at + interval '1 microsecond' WHERE id = $2 AND workspace_id = $1`,
      /is not what was sealed/,
    ],
    [
      'another name',
      `UPDATE audit_log SET actor_name = 'Somebody else' WHERE id = $2 AND workspace_id = $1`,
      /is not what was sealed/,
    ],
    [
      'a row taken out with its seal',
      `WITH s AS (DELETE FROM audit_seals WHERE workspace_id = $1 AND audit_id = $2) DELETE FROM audit_log WHERE workspace_id = $1 AND id = $2`,
      /missing/,
    ],
    ['a row taken out alone', `DELETE FROM audit_log WHERE workspace_id = $1 AND id = $2`, /is missing/],
    [
      'two rows that change places',
      `UPDATE audit_seals s SET audit_id = CASE WHEN s.audit_id = $2 THEN n.audit_id ELSE $2 END
        FROM (SELECT audit_id FROM audit_seals WHERE workspace_id = $1 AND audit_id <> $2 LIMIT 1) n
        WHERE s.workspace_id = $1 AND s.audit_id IN ($2, n.audit_id)`,
      /not where it was/,
    ],
  ];
  test.each(tampering)('shows %s', async (_case, statement, finding) => {
    const { id } = await withRows(10);
    await sealAudit(database, id);
    const [victim] = await database.asOwner<{ audit_id: string }>(
      'SELECT audit_id FROM audit_seals WHERE workspace_id = $1 AND seq = 6',
      [id],
    );
    // Whoever owns the machine can take the guards away; the chain is what is left then.
    await database.asOwner('ALTER TABLE audit_seals DROP CONSTRAINT IF EXISTS audit_seals_workspace_id_audit_id_fkey');
    await database.asOwner('DROP INDEX IF EXISTS audit_seals_of');
    await database.asOwner(statement, [id, victim!.audit_id]);
    const { problems } = await verifyAudit(database, id);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).toMatch(finding);
  });
});
