import type pg from 'pg';

/** How large a business to make. `payments` in thousands: refunds and disputes belong to charges of the same thousand. */
export interface SeedSize {
  readonly contacts: number;
  readonly payments: number;
  /**
   * Whether ledger lines and histories are written too. Without them nothing that lists or adds up reads another row
   * (the sums are kept either way), and ten million payments load in half the time; but `verify` has nothing to re-add.
   */
  readonly books: boolean;
}

/** A business of three years up to `until`, and where its parts lie. */
export interface Seeded {
  readonly workspaceId: string;
  readonly size: SeedSize;
  readonly fromMs: number;
  readonly untilMs: number;
}

const SPAN_MS = 3 * 365 * 86_400_000;
/** Other businesses beside it, so that the statistics are of many workspaces as in life. */
const NEIGHBOURS = 20;
const NEIGHBOUR_SIZE: SeedSize = { contacts: 100, payments: 1_000, books: true };
/** From here on secondary indexes are made after the load: many times faster, and as compact as after a REINDEX. */
const LARGE = 200_000;

/** What is filled. */
const FILLED = [
  'contacts',
  'contact_search_terms',
  'contact_tags',
  'contact_notes',
  'payment_methods',
  'payments',
  'payment_transitions',
  'payment_day_totals',
  'receipts',
  'ledger_entries',
  'ledger_transfers',
  'ledger_contact_sums',
];

const FIRST_NAMES =
  'anna ben clara david emma felix greta hannah ida jonas karla leon maria nils olivia paul rosa samuel thea viktor wendy xaver yara zoe alma bruno celia dora elias frida gustav helena ivan julia kurt lotte marlene noah otto petra';
const LAST_BEGINNINGS =
  'ber bran cal dor eber fal gold hal ing jan kel lind mar nord ober pel quar rich sil tann ul vol wein xan york zell ahr bach crom dahl ek forst grim hag isen jor kro lor mull nach';
const LAST_ENDINGS = 'man ner stein berg feld mann bauer hoff wald ling son sen ster ler ken rich mer hardt bach dorf';
const WORDS = ['Consultation', 'Membership', 'Workshop', 'Coaching hour', 'Course', 'Session', 'Retainer', 'Gift card'];

/**
 * Fills a workspace with contacts, cards, payments and everything that is kept beside them, by set-based statements of
 * the superuser. Every value is a hash of the row's number: the same size is the same business. Kept sums, totals per
 * day and counters agree with the payments; with `books` so do ledger and histories, and `verify` finds nothing.
 */
export async function seedBusiness(
  owner: pg.Pool,
  workspaceId: string,
  size: SeedSize,
  now: Date,
  note: (line: string) => void = () => {},
): Promise<Seeded> {
  const untilMs = now.getTime() - 60_000;
  const seeded: Seeded = { workspaceId, size, fromMs: untilMs - SPAN_MS, untilMs };
  const client = await owner.connect();
  try {
    await client.query(FUNCTIONS);
    // Neither triggers nor checks of foreign keys: the rows are made to fit, and verify looks afterwards.
    await client.query(`SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB';
      SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 0`);
    await client.query('BEGIN');
    // Tables emptied in the transaction that fills them are not written to the log (wal_level = minimal).
    await client.query(`TRUNCATE ${FILLED.join(', ')} CASCADE`);
    const later = size.payments >= LARGE ? await dropIndexes(client) : [];
    for (let index = 1; index <= NEIGHBOURS; index += 1) {
      const neighbour = await addNeighbour(client, index);
      await fill(client, { ...seeded, workspaceId: neighbour, size: NEIGHBOUR_SIZE }, () => {});
    }
    await fill(client, seeded, note);
    for (const definition of later) await client.query(definition);
    if (later.length > 0) note(`${later.length} indexes made`);
    await client.query('COMMIT');
    await client.query('RESET ALL');
    await client.query('VACUUM (FREEZE, ANALYZE)');
    await client.query('CHECKPOINT');
    note('vacuumed and analysed');
  } finally {
    client.release();
  }
  return seeded;
}

async function dropIndexes(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relname = ANY($1) AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1`,
    [FILLED],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map((row) => row.definition);
}

async function addNeighbour(client: pg.PoolClient, index: number): Promise<string> {
  const id = `01900000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
  await client.query(
    `INSERT INTO workspaces (id, name, mode, currency, time_zone, created_at) VALUES ($1, $2, 'sandbox', 'USD', 'UTC', $3)`,
    [id, `Neighbour ${index}`, new Date(0)],
  );
  return id;
}

async function fill(client: pg.PoolClient, seeded: Seeded, note: (line: string) => void): Promise<void> {
  const { rows } = await client.query<{ time_zone: string }>('SELECT time_zone FROM workspaces WHERE id = $1', [
    seeded.workspaceId,
  ]);
  const began = performance.now();
  for (const [name, text] of statementsOf(seeded, rows[0]!.time_zone)) {
    const { rowCount } = await client.query(text);
    note(`${name}: ${rowCount} rows, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

/** Ids are UUIDv7 of the row's moment and number; h() is the only source of variety. */
const FUNCTIONS = `
  CREATE SCHEMA IF NOT EXISTS bench;
  CREATE OR REPLACE FUNCTION bench.id(ms bigint, tag int, i bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(tag), 3, '0') || '8000' || lpad(to_hex(i), 12, '0'))::uuid;
  CREATE OR REPLACE FUNCTION bench.h(i bigint, k int, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (hashint8extended(i, k) & 9223372036854775807) % n;
  CREATE OR REPLACE FUNCTION bench.at(ms bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    to_timestamp(ms / 1000.0);`;

function statementsOf({ workspaceId, size, fromMs }: Seeded, zone: string): [string, string][] {
  const ws = `'${workspaceId}'::uuid`;
  const contactMs = (i: string) => `(${fromMs}::bigint + ${i} * ${Math.floor(SPAN_MS / size.contacts)}::bigint)`;
  const contactId = (i: string) => `bench.id(${contactMs(i)}, 1, ${i})`;
  const paymentMs = (i: string) => `(${fromMs}::bigint + ${i} * ${Math.floor(SPAN_MS / size.payments)}::bigint)`;
  const paymentId = (i: string) => `bench.id(${paymentMs(i)}, 2, ${i})`;
  const list = (words: string) => `'{${words.split(' ').join(',')}}'::text[]`;
  const pick = (words: string, by: string) => `(${list(words)})[1 + ${by} % ${words.split(' ').length}]`;
  const hasCard = (i: string) => `${i} % 2 = 0`;

  const contacts = `INSERT INTO contacts (workspace_id, id, root_id, name, sort_name, email, country, currency, created_at, updated_at)
    SELECT ${ws}, id, id, initcap(name), name, replace(name, ' ', '.') || '.' || i || '@' || 'post' || i % 40 || '.example',
      (ARRAY['US', 'US', 'US', 'GB', 'DE', 'FR', 'CA', 'AU'])[1 + bench.h(i, 13, 8)], 'USD', bench.at(ms), bench.at(ms)
    FROM (SELECT i, ${contactMs('i')} AS ms, ${contactId('i')} AS id,
      ${pick(FIRST_NAMES, 'bench.h(i, 10, 1000000)')} || ' ' || ${pick(LAST_BEGINNINGS, 'bench.h(i, 11, 1000000)')} || ${pick(LAST_ENDINGS, 'bench.h(i, 12, 1000000)')} AS name
      FROM generate_series(1, ${size.contacts}) AS i) made`;
  const terms = `INSERT INTO contact_search_terms (workspace_id, term, contact_id)
    SELECT DISTINCT workspace_id, term, id FROM contacts
      CROSS JOIN LATERAL (SELECT email UNION ALL SELECT unnest(regexp_split_to_array(email, '[.@]'))) AS t (term)
    WHERE workspace_id = ${ws} ORDER BY workspace_id, term, id`;
  const tags = `INSERT INTO contact_tags (workspace_id, contact_id, tag)
    SELECT ${ws}, ${contactId('i')}, 'newsletter' FROM generate_series(1, ${size.contacts}) AS i WHERE bench.h(i, 14, 3) = 0
    UNION ALL SELECT ${ws}, ${contactId('i')}, 'vip' FROM generate_series(1, ${size.contacts}) AS i WHERE bench.h(i, 15, 100) = 0`;
  const notes = `INSERT INTO contact_notes (workspace_id, id, contact_id, body, author_name, created_at)
    SELECT ${ws}, bench.id(${contactMs('i')}, 4, i), ${contactId('i')}, 'Called; prefers mornings.', 'Bench', bench.at(${contactMs('i')})
    FROM generate_series(1, ${size.contacts}) AS i WHERE i % 3 = 0`;
  const cards = `INSERT INTO payment_methods (workspace_id, id, contact_id, gateway, gateway_customer_ref, gateway_method_ref, kind, brand, last4,
      exp_month, exp_year, fingerprint, is_default, consent_text_version, consent_channel, consent_at, added_by, added_at)
    SELECT ${ws}, bench.id(${contactMs('i')}, 3, i), ${contactId('i')}, 'scripted', 'scu_' || i, 'scm_' || i, 'card', 'Visa', '4242',
      1 + i % 12, 2027 + i % 5, 'fp_' || i, true, '1', 'web', bench.at(${contactMs('i')}), 'Bench', bench.at(${contactMs('i')})
    FROM generate_series(1, ${size.contacts}) AS i WHERE ${hasCard('i')}`;

  // Of every thousand: 500 to 519 are refunds of 400 to 419, 700 and 701 are disputes of 600 and 601. What both share
  // is a hash of the charge's number b.
  const payments = `INSERT INTO payments (workspace_id, id, kind, parent_id, contact_id, payment_method_id, gateway, method_kind, method_label,
      amount_minor, currency, fee_minor, status, description, source, idempotency_key, input_hash, gateway_ref, decline_code, decline_class,
      needs_action, refunded_minor, disputed_minor, occurred_at, day, created_at, sent_at, settled_at, transition_count, created_by_kind, created_by_name)
    SELECT ${ws}, id, kind, CASE WHEN kind <> 'charge' THEN ${paymentId('b')} END, ${contactId('c')},
      CASE WHEN method_kind = 'card' AND ${hasCard('c')} THEN bench.id(${contactMs('c')}, 3, c) END, gateway, method_kind,
      CASE method_kind WHEN 'card' THEN 'Visa ·· 4242' ELSE initcap(method_kind) END,
      CASE WHEN kind = 'refund' AND b % 2 = 0 THEN amount / 2 ELSE amount END, currency,
      CASE WHEN kind = 'charge' AND status = 'settled' AND gateway = 'scripted' THEN amount * 29 / 1000 + 30
        WHEN kind = 'dispute' AND status = 'withdrawn' THEN 1500 ELSE 0 END,
      status, (ARRAY[${WORDS.map((word) => `'${word}'`).join(', ')}])[1 + bench.h(b, 8, ${WORDS.length})],
      CASE WHEN kind = 'dispute' THEN 'gateway' WHEN gateway = 'manual' THEN 'offline'
        WHEN bench.h(b, 9, 100) < 60 THEN 'charge_now' ELSE 'api' END,
      CASE WHEN kind <> 'dispute' THEN id::text END, CASE WHEN kind <> 'dispute' THEN 'bench' END,
      CASE WHEN gateway = 'scripted' THEN 'sbp_' || i END,
      CASE WHEN status = 'declined' THEN 'insufficient_funds' END, CASE WHEN status = 'declined' THEN 'soft' END,
      i > ${Math.floor(size.payments * 0.95)} AND (kind = 'charge' AND status IN ('declined', 'needs_customer', 'returned', 'canceled')
        OR kind = 'refund' AND status = 'declined' OR kind = 'dispute' AND status = 'withdrawn'),
      CASE WHEN r BETWEEN 400 AND 418 THEN CASE WHEN b % 2 = 0 THEN amount / 2 ELSE amount END ELSE 0 END,
      CASE WHEN r = 600 THEN amount ELSE 0 END,
      at, (at AT TIME ZONE '${zone}')::date, at, at, CASE WHEN status = 'settled' THEN at END, 2, 'api_key', 'Bench'
    FROM (
      SELECT *, CASE WHEN method_kind IN ('card', 'bank_debit') THEN 'scripted' ELSE 'manual' END AS gateway,
        (500 + bench.h(b, 4, 400) * 50) * CASE WHEN bench.h(b, 5, 100) = 0 THEN 50 ELSE 1 END AS amount,
        CASE WHEN s < 9000 THEN 'USD' WHEN s < 9900 THEN 'EUR' WHEN s < 9999 THEN 'GBP' ELSE 'CHF' END AS currency,
        CASE WHEN kind = 'refund' THEN CASE WHEN r = 519 THEN 'declined' ELSE 'settled' END
          WHEN kind = 'dispute' THEN CASE WHEN r = 700 THEN 'withdrawn' ELSE 'won' END
          WHEN reserved OR method_kind NOT IN ('card', 'bank_debit') OR f < 9400 OR f >= 9990 THEN 'settled'
          WHEN f < 9900 THEN 'declined' WHEN f < 9905 THEN 'returned' WHEN f < 9930 THEN 'pending'
          WHEN f < 9960 THEN 'needs_customer' ELSE 'canceled' END AS status
      FROM (
        SELECT *, bench.at(${paymentMs('i')}) AS at, ${paymentId('i')} AS id, bench.h(b, 6, 10000) AS s, bench.h(b, 7, 10000) AS f,
          CASE WHEN bench.h(b, 1, 20) = 0 THEN 1 + bench.h(b, 2, ${Math.max(1, Math.floor(size.contacts / 100))}) ELSE 1 + bench.h(b, 2, ${size.contacts}) END AS c,
          CASE WHEN reserved OR kind <> 'charge' OR m < 85 THEN 'card' WHEN m < 90 THEN 'bank_debit' WHEN m < 95 THEN 'cash'
            WHEN m < 96 THEN 'cheque' ELSE 'bank_transfer' END AS method_kind
        FROM (
          SELECT *, CASE WHEN kind = 'charge' THEN i ELSE i - 100 END AS b, bench.h(i, 3, 100) AS m,
            r BETWEEN 400 AND 419 OR r IN (600, 601) AS reserved
          FROM (SELECT i, r, CASE WHEN r BETWEEN 500 AND 519 THEN 'refund' WHEN r IN (700, 701) THEN 'dispute' ELSE 'charge' END AS kind
            FROM (SELECT i, i % 1000 AS r FROM generate_series(1, ${size.payments}) AS i) numbered) kinds
        ) based
      ) drawn
    ) made`;
  const receipts = `INSERT INTO receipts (workspace_id, id, payment_id, number, issued_at, snapshot)
    SELECT ${ws}, id, id, 'R-' || right(id::text, 12), occurred_at, '{}' FROM payments
    WHERE workspace_id = ${ws} AND status = 'settled' AND kind <> 'dispute'`;
  const inBooks = `(p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost') OR p.kind <> 'dispute' AND p.status = 'settled')`;
  const sums = `INSERT INTO ledger_contact_sums (workspace_id, contact_id, currency, received_minor, refunded_minor, dispute_lost_minor, fee_minor, payment_count)
    SELECT ${ws}, contact_id, currency, coalesce(sum(amount_minor) FILTER (WHERE kind = 'charge'), 0),
      coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund'), 0), coalesce(sum(amount_minor) FILTER (WHERE kind = 'dispute'), 0),
      sum(fee_minor), count(*) FILTER (WHERE kind = 'charge')
    FROM payments p WHERE workspace_id = ${ws} AND ${inBooks} GROUP BY contact_id, currency`;
  const totals = `INSERT INTO payment_day_totals (workspace_id, day, kind, status, currency, method_kind, gateway, source, slot, count, amount_minor)
    SELECT ${ws}, day, kind, status, currency, method_kind, gateway, source, 0, count(*), sum(amount_minor)
    FROM payments WHERE workspace_id = ${ws} GROUP BY 2, 3, 4, 5, 6, 7, 8 ORDER BY 2`;
  const account = `CASE WHEN p.method_kind IN ('card', 'bank_debit') THEN 'gateway_clearing' WHEN p.method_kind = 'cash' THEN 'cash' ELSE 'bank' END`;
  const history = `INSERT INTO payment_transitions (workspace_id, payment_id, seq, from_status, to_status, at, by_kind, by_name, via)
    SELECT ${ws}, p.id, x.seq, CASE x.seq WHEN 2 THEN f.status END, CASE x.seq WHEN 1 THEN f.status ELSE p.status END, p.occurred_at, 'api_key', 'Bench', 'request'
    FROM payments p CROSS JOIN LATERAL (SELECT CASE p.kind WHEN 'dispute' THEN 'needs_response' ELSE 'sent' END AS status) f
      CROSS JOIN (VALUES (1), (2)) AS x (seq) WHERE p.workspace_id = ${ws}`;
  const entries = `INSERT INTO ledger_entries (workspace_id, id, booking, source_id, event, contact_id, currency, effective_on, effective_at, recorded_at)
    SELECT ${ws}, p.id, CASE p.kind WHEN 'dispute' THEN 'dispute_withdrawn' ELSE p.kind || '_settled' END, p.id, 'settled:2', p.contact_id, p.currency,
      p.day, p.occurred_at, p.occurred_at FROM payments p WHERE p.workspace_id = ${ws} AND ${inBooks}`;
  const transfers = `INSERT INTO ledger_transfers (workspace_id, entry_id, line, debit_account, credit_account, contact_id, currency, amount_minor)
    SELECT ${ws}, p.id, 1, CASE p.kind WHEN 'charge' THEN ${account} WHEN 'refund' THEN 'refunds' ELSE 'dispute_losses' END,
      CASE p.kind WHEN 'charge' THEN 'revenue' ELSE ${account} END, p.contact_id, p.currency, p.amount_minor
      FROM payments p WHERE p.workspace_id = ${ws} AND ${inBooks}
    UNION ALL SELECT ${ws}, p.id, 2, 'gateway_fees', 'gateway_clearing', p.contact_id, p.currency, p.fee_minor
      FROM payments p WHERE p.workspace_id = ${ws} AND ${inBooks} AND p.fee_minor > 0`;

  return [
    ['contacts', contacts],
    ['search terms', terms],
    ['tags', tags],
    ['notes', notes],
    ['cards', cards],
    ['payments', payments],
    ['receipts', receipts],
    ['kept sums', sums],
    ['totals per day', totals],
    ...(size.books
      ? ([
          ['history', history],
          ['ledger entries', entries],
          ['ledger transfers', transfers],
        ] as [string, string][])
      : []),
  ];
}
