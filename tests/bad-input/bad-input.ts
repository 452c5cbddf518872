import { chargeThrough, makeContact, saveTestMethod } from '../setup/money.ts';
import type { Asker, Method, TestServer, TestWorkspace } from '../setup/server.ts';

/** A small business with one of everything that a wrong request can point at. */
export interface Scene {
  readonly server: TestServer;
  readonly workspace: TestWorkspace;
  readonly contact: string;
  readonly method: string;
  readonly payment: string;
  readonly other: { readonly contact: string; readonly method: string };
  readonly archived: { readonly contact: string; readonly method: string };
  readonly merged: { readonly contact: string; readonly method: string };
  readonly foreign: {
    readonly workspace: TestWorkspace;
    readonly contact: string;
    readonly method: string;
    readonly payment: string;
  };
}

export interface WrongRequest {
  readonly method?: Method;
  readonly url: string;
  readonly body?: unknown;
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: string | Buffer;
  readonly headers?: Record<string, string>;
  readonly as?: Asker | null;
  /** Sent as Idempotency-Key; a fresh one when absent, none when null. */
  readonly key?: string | null;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** The field that must be named. */
  readonly path?: string;
}

async function contactWithCard(server: TestServer, workspace: TestWorkspace, name: string) {
  const contact = await makeContact(server, workspace, name);
  return { contact, method: (await saveTestMethod(server, workspace, contact)).id };
}

export async function makeScene(server: TestServer): Promise<Scene> {
  const [workspace, strangers] = [await server.workspace(), await server.workspace({ name: 'Strangers' })];
  const as = workspace.apiKey;
  const own = await contactWithCard(server, workspace, 'Ada Lovelace');
  const other = await contactWithCard(server, workspace, 'Ben Bitdiddle');
  const archived = await contactWithCard(server, workspace, 'Archie Archived');
  await server.call('POST', `/v1/contacts/${archived.contact}/archival`, { as });
  const merged = await contactWithCard(server, workspace, 'Mo Merged');
  await server.call('POST', `/v1/contacts/${other.contact}/merges`, {
    as,
    body: { merged_contact_id: merged.contact },
  });
  const foreign = await contactWithCard(server, strangers, 'Stella Stranger');
  const foreignPayment = await chargeThrough(server, strangers, foreign.contact, foreign.method);
  const payment = await chargeThrough(server, workspace, own.contact, own.method, { amountMinor: 777 });
  return {
    server,
    workspace,
    ...own,
    payment: payment.body.id,
    other,
    archived,
    merged,
    foreign: { workspace: strangers, ...foreign, payment: foreignPayment.body.id },
  };
}

/** Sends a wrong request. Returns everything that is not as a refusal has to be, what was written meanwhile included. */
export async function refusalFaults(scene: Scene, request: WrongRequest, expected: Refusal): Promise<string[]> {
  const { server, workspace } = scene;
  const before = await countRows(scene);
  const { method = 'POST', url, body, raw, as = workspace.apiKey, key } = request;
  const answer = await server.app.inject({
    method,
    url,
    headers: {
      ...(typeof as === 'string' ? { authorization: `Bearer ${as}` } : {}),
      ...(as && typeof as !== 'string'
        ? { cookie: as.cookie, 'counterfoil-client': 'web', 'counterfoil-workspace': workspace.publicId }
        : {}),
      ...(key === null ? {} : { 'idempotency-key': key ?? `key-${counter++}` }),
      ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(raw === undefined && body === undefined ? {} : { payload: raw ?? JSON.stringify(body) }),
  });
  const faults: string[] = [];
  if (answer.statusCode !== expected.status) faults.push(`status ${answer.statusCode}, not ${expected.status}`);
  const type = String(answer.headers['content-type']);
  if (!type.startsWith('application/problem+json')) faults.push(`content-type ${type}`);
  const problem = parse(answer.body) as {
    code?: string;
    title?: string;
    fields?: { path: string; message: string }[];
  } | null;
  if (problem?.code !== expected.code) faults.push(`code ${problem?.code}, not ${expected.code}`);
  if (!problem?.title) faults.push('no title');
  if (expected.path && !problem?.fields?.some(({ path, message }) => path === expected.path && message !== '')) {
    faults.push(`fields ${JSON.stringify(problem?.fields)} do not name ${expected.path}`);
  }
  const after = await countRows(scene);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    faults.push(`rows were written: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  }
  if (faults.length > 0) faults.push(answer.body.slice(0, 400));
  return faults;
}

let counter = 0;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

let tenantTables: string[] | null = null;

/** Rows of every tenant table but the audit log and what signing in writes. */
async function countRows({ server }: Scene): Promise<Record<string, string>> {
  tenantTables ??= (
    await server.database.asOwner<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c
       JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE c.table_schema = 'public' AND c.column_name = 'workspace_id' AND t.table_type = 'BASE TABLE'
         AND c.table_name NOT LIKE 'audit%' ORDER BY 1`,
    )
  ).map((row) => row.name);
  const counts = tenantTables.map((name) => `SELECT '${name}' AS name, count(*)::text AS count FROM ${name}`);
  const rows = await server.database.asOwner<{ name: string; count: string }>(counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map((row) => [row.name, row.count]));
}
