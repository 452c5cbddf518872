import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../src/foundation/id.ts';
import { attach, SMALL_FILES } from './setup/files.ts';
import { chargeThrough, makeContact, saveTestMethod } from './setup/money.ts';
import { type Method, type TestServer, type TestWorkspace, testServer } from './setup/server.ts';

/** What no answer to a stranger may hold: every text of ours begins with it. */
const MARK = 'Quillfeather';

let server: TestServer;
let ours: TestWorkspace;
let theirs: TestWorkspace;
/** Ids of one thing of each kind in our workspace. */
let ids: string[];

beforeAll(async () => {
  server = await testServer();
  ours = await server.workspace({ name: `${MARK} Studio` });
  theirs = await server.workspace({ name: 'Strangers' });
  const as = ours.apiKey;
  const make = async (url: string, body: unknown) => {
    const answer = await server.call<{ id: string }>('POST', url, { as, body, key: newId() });
    if (answer.status !== 201) throw new Error(`POST ${url}: ${answer.text}`);
    return answer.body.id;
  };
  const contact = await makeContact(server, ours, `${MARK} Ada`);
  const second = await makeContact(server, ours, `${MARK} Ben`);
  const method = (await saveTestMethod(server, ours, contact)).id;
  const { body: payment } = await chargeThrough(server, ours, contact, method, {
    body: { description: `${MARK} lesson` },
  });
  const refund = await make(`/v1/payments/${payment.id}/refunds`, {
    amount_minor: 5,
    reason: 'other',
    note: `${MARK} note`,
  });
  const draft = await make('/v1/invoices', { contact_id: contact, lines: [{ name: 'Lesson', unit_price: '10' }] });
  const file = await attach(server, as, draft, `${MARK}.pdf`, SMALL_FILES.pdf);
  ids = [
    ours.publicId,
    draft,
    file.body.id,
    contact,
    second,
    method,
    payment.id,
    refund,
    await make(`/v1/contacts/${contact}/notes`, { body: `${MARK} note` }),
    await make('/v1/companies', { name: `${MARK} Ltd` }),
    await make('/v1/custom-fields', { label: `${MARK} field`, type: 'text' }),
    await make(`/v1/contacts/${contact}/merges`, { merged_contact_id: second }),
    await make(`/v1/contacts/${contact}/card-forms`, { consent_channel: 'web' }),
    await make('/v1/invoices', {
      contact_id: contact,
      lines: [{ name: `${MARK} lesson`, unit_price: '10' }],
      issue: true,
    }),
    await make('/v1/work-items', {
      contact_id: contact,
      title: `${MARK} portrait`,
      lines: [{ name: `${MARK} session`, unit_price: '10' }],
      done_on: '2026-02-20',
    }),
    await make('/v1/smart-lists', { name: `${MARK} list`, filter: {} }),
    await make('/v1/api-keys', { name: `${MARK} key`, rights: ['audit.read'] }),
    await make('/v1/invitations', { email: 'quillfeather@example.com', role: 'viewer' }),
  ];
});

interface Address {
  readonly method: Method;
  readonly url: string;
  readonly withId: boolean;
}

/** Every address of the API in these methods, once per id it could take. */
async function addresses(...methods: Method[]): Promise<Address[]> {
  const { body } = await server.call<{ paths: Record<string, Record<string, unknown>> }>('GET', '/openapi.json');
  const found: Address[] = [];
  for (const [path, verbs] of Object.entries(body.paths)) {
    if (!path.startsWith('/v1/')) continue;
    const withId = path.includes('{id}');
    const filled = path.replace(/\{(?!id\})\w+\}/g, 'x');
    for (const method of methods.filter((name) => name.toLowerCase() in verbs)) {
      for (const id of withId ? ids : ['']) found.push({ method, url: filled.replace('{id}', id), withId });
    }
  }
  return found;
}

describe('nothing of one workspace is visible in another', () => {
  it('every address that is read answers 404 for ids of ours, and no list shows them', {
    timeout: 60_000,
  }, async () => {
    const leaks: string[] = [];
    let asked = 0;
    for (const { method, url, withId } of await addresses('GET')) {
      for (const as of [theirs.apiKey, theirs.owner]) {
        const { status, text } = await server.call(method, url, { as });
        asked += 1;
        if (withId && status !== 404) leaks.push(`${method} ${url}: ${status}`);
        if (status >= 500) leaks.push(`${method} ${url}: ${status}`);
        if (text.includes(MARK) || text.includes('quillfeather'))
          leaks.push(`${method} ${url} tells ${text.slice(0, 300)}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(asked).toBeGreaterThan(400);
  });

  it('no address that changes something touches what is ours', { timeout: 60_000 }, async () => {
    const before = await fingerprint();
    const wrong: string[] = [];
    for (const { method, url, withId } of await addresses('POST', 'PUT', 'PATCH', 'DELETE')) {
      if (!withId) continue;
      const { status, text } = await server.call(method, url, { as: theirs.apiKey, key: newId(), body: {} });
      // 415 and 422 come before the id is looked at; 401 is for people; none of them says that the id exists.
      if (![404, 415, 422, 401].includes(status)) wrong.push(`${method} ${url}: ${status} ${text.slice(0, 200)}`);
      if (text.includes(MARK)) wrong.push(`${method} ${url} tells ${text.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  it('ids of ours in filters and bodies are unknown there', async () => {
    const contact = ids.find((id) => id.startsWith('con_'));
    const payments = await server.call<{ data: unknown[] }>('GET', `/v1/payments?contact=${contact}`, {
      as: theirs.apiKey,
    });
    expect([200, 404, 422]).toContain(payments.status);
    if (payments.status === 200) expect(payments.body.data).toEqual([]);
    const own = await makeContact(server, theirs, 'Stella');
    const merge = await server.call('POST', `/v1/contacts/${own}/merges`, {
      as: theirs.apiKey,
      body: { merged_contact_id: contact },
    });
    expect(merge.status).toBe(409);
    expect(merge.text).not.toContain(MARK);
  });

  it('our own key still sees everything, so the marks were there to be leaked', async () => {
    const { text } = await server.call('GET', '/v1/contacts', { as: ours.apiKey });
    expect(text).toContain(MARK);
  });
});

/** Number and contents of everything of ours, for seeing that nothing moved. */
async function fingerprint(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of await tenantTables()) {
    const [row] = await server.database.asOwner<{ mark: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS mark FROM ${table} t WHERE workspace_id = $1`,
      [ours.id],
    );
    found[table] = row!.mark;
  }
  return found;
}

async function tenantTables(): Promise<string[]> {
  const rows = await server.database.asOwner<{ name: string }>(
    `SELECT c.table_name AS name FROM information_schema.columns c
     JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
     WHERE c.table_schema = 'public' AND c.column_name = 'workspace_id' AND t.table_type = 'BASE TABLE'
       AND c.table_name NOT IN ('api_key_directory', 'member_directory', 'invitation_directory', 'gateway_event_directory', 'document_link_directory',
         'card_link_directory', 'customer_link_directory') ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

describe('PostgreSQL itself keeps them apart', () => {
  it('the program’s role sees no tenant row when no workspace is set, and only its own when one is', async () => {
    const tables = await tenantTables();
    expect(tables.length).toBeGreaterThan(20);
    const client = new pg.Client(server.database.connection);
    await client.connect();
    try {
      const counts = async () => {
        const seen: string[] = [];
        for (const table of tables) {
          const { rows } = await client.query(`SELECT count(*)::int AS count FROM ${table}`);
          if (rows[0].count > 0) seen.push(table);
        }
        return seen;
      };
      expect(await counts()).toEqual([]);
      expect((await client.query('SELECT * FROM workspaces')).rows).toEqual([]);

      await client.query('BEGIN');
      await client.query(`SET LOCAL app.workspace_id = '${theirs.id}'`);
      for (const table of tables) {
        const { rows } = await client.query(
          `SELECT count(*)::int AS count FROM ${table} WHERE workspace_id <> '${theirs.id}'`,
        );
        expect([table, rows[0].count]).toEqual([table, 0]);
      }
      // Neither may it write into another workspace than the one that is set.
      await expect(
        client.query(
          `INSERT INTO companies (workspace_id, id, name, created_at) VALUES ('${ours.id}', '${newId()}', 'X', now())`,
        ),
      ).rejects.toThrow(/row-level security/);
      await client.query('ROLLBACK');
      expect(await counts()).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('every tenant table has row-level security that holds for its owner too', async () => {
    const loose = await server.database.asOwner(
      `SELECT relname FROM pg_class WHERE relname = ANY($1::text[]) AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)`,
      [await tenantTables()],
    );
    expect(loose).toEqual([]);
  });
});
