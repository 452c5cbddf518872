/** What the pages bench reads, each with the SQL that somebody who knows the tables writes by hand for the same rows. */
export interface PageFacts {
  readonly workspaceId: string;
  /** A spread of contacts: the API's id and the table's. */
  readonly contacts: readonly { readonly id: string; readonly uuid: string }[];
  /** A payment half-way down Transactions, and the cursor that stands on it. */
  readonly middle: { readonly at: string; readonly id: string; readonly cursor: string };
  /** A month that is neither the first nor the last. */
  readonly month: { readonly from: string; readonly to: string; readonly after: string };
}

export interface PageCase {
  readonly name: string;
  readonly request: (turn: number) => { readonly path: string; readonly body?: string };
  readonly statements: (turn: number) => { readonly text: string; readonly values: readonly unknown[] }[];
  /** "pages": both ratios are promised. "key": against a read by primary key. "told": shown without a promise. */
  readonly promise: 'pages' | 'key' | 'told';
}

const PAGE = 50;
const CONTACT_COLUMNS = `c.*, co.name AS company, m.name AS owner,
  (SELECT array_agg(tag) FROM contact_tags t WHERE t.workspace_id = $1 AND t.contact_id = c.id) AS tags,
  (SELECT json_agg(json_build_object('currency', s.currency, 'ltv', s.ltv_minor)) FROM ledger_contact_sums s
    WHERE s.workspace_id = $1 AND s.contact_id = c.id) AS ltv`;
const CONTACT_FROM = `contacts c LEFT JOIN companies co ON co.workspace_id = $1 AND co.id = c.company_id
  LEFT JOIN members m ON m.workspace_id = $1 AND m.id = c.owner_member_id`;
const LISTED = 'c.workspace_id = $1 AND c.archived_at IS NULL AND c.deleted_at IS NULL AND c.root_id = c.id';
const PAYMENT_SELECT = `SELECT p.*, c.name, EXISTS (SELECT 1 FROM receipts r WHERE r.workspace_id = $1 AND r.payment_id = p.id) AS receipt
  FROM payments p JOIN contacts c ON c.workspace_id = $1 AND c.id = p.contact_id WHERE p.workspace_id = $1`;
const STANDING = `(kind IN ('charge', 'refund') AND status = 'settled' OR kind = 'dispute' AND status IN ('withdrawn', 'lost'))`;
const NEWEST = `ORDER BY p.occurred_at DESC, p.id DESC LIMIT ${PAGE + 1}`;
const TOTALS = `SELECT p.currency, sum(n), coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'charge' AND p.status = 'settled'), 0),
  coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'refund' AND p.status = 'settled'), 0),
  coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'dispute' AND p.status IN ('withdrawn', 'lost')), 0)`;

export function pageCases(facts: PageFacts): PageCase[] {
  return [...contactCases(facts), ...transactionCases(facts), ...totalCases(facts), ...smartListCases(facts)];
}

function contactCases({ workspaceId, contacts }: PageFacts): PageCase[] {
  const of = (turn: number) => contacts[turn % contacts.length]!;
  const listed = (name: string, query: string, sql: string, values: unknown[] = []): PageCase => ({
    name,
    request: () => ({ path: `/v1/contacts?${query}` }),
    statements: () => [{ text: sql, values: [workspaceId, ...values] }],
    promise: 'pages',
  });
  // What is typed is the beginning of a name (which the list by name has side by side) …
  const named = (typed: string) =>
    listed(
      `search “${typed}”`,
      `search=${encodeURIComponent(typed)}`,
      `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE ${LISTED} AND c.sort_name >= $2 AND c.sort_name < $3
        ORDER BY c.sort_name, c.id LIMIT ${PAGE + 1}`,
      [typed, `${typed}\u{10ffff}`],
    );
  // … or words, each a range of terms.
  const found = (typed: string, ...words: string[]) =>
    listed(
      `search “${typed}”`,
      `search=${encodeURIComponent(typed)}`,
      `WITH found AS MATERIALIZED (${words
        .map(
          (_, index) =>
            `SELECT contact_id FROM contact_search_terms WHERE workspace_id = $1 AND term >= $${2 * index + 2} AND term < $${2 * index + 3}`,
        )
        .join(' INTERSECT ')})
        SELECT ${CONTACT_COLUMNS} FROM (SELECT DISTINCT contact_id FROM found) f JOIN ${CONTACT_FROM.replace('contacts c', 'contacts c ON c.workspace_id = $1 AND c.id = f.contact_id')}
        WHERE ${LISTED} ORDER BY c.sort_name, c.id LIMIT ${PAGE + 1}`,
      words.flatMap((word) => [word, `${word}\u{10ffff}`]),
    );
  return [
    {
      name: 'contact page',
      request: (turn) => ({ path: `/v1/contacts/${of(turn).id}/overview` }),
      statements: (turn) => overviewStatements(workspaceId, of(turn).uuid),
      promise: 'pages',
    },
    {
      name: 'timeline',
      request: (turn) => ({ path: `/v1/contacts/${of(turn).id}/timeline` }),
      statements: (turn) => {
        const values = [workspaceId, of(turn).uuid];
        return [
          { text: `${PAYMENT_SELECT} AND p.contact_id = $2 ${NEWEST}`, values },
          {
            text: 'SELECT * FROM contact_notes WHERE workspace_id = $1 AND contact_id = $2 AND deleted_at IS NULL ORDER BY created_at DESC LIMIT 51',
            values,
          },
          { text: 'SELECT * FROM payment_methods WHERE workspace_id = $1 AND contact_id = $2', values },
        ];
      },
      promise: 'pages',
    },
    listed(
      'contacts by name',
      'sort=name',
      `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE ${LISTED} ORDER BY c.sort_name, c.id LIMIT 51`,
    ),
    listed(
      'contacts, newest first',
      'sort=created',
      `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE ${LISTED} ORDER BY c.created_at DESC, c.id DESC LIMIT 51`,
    ),
    listed(
      'contacts by LTV',
      'sort=ltv&currency=USD',
      // The most valuable first, and some more for those that are not listed: joined at once, every contact is read.
      `SELECT ${CONTACT_COLUMNS} FROM (SELECT contact_id, ltv_minor FROM ledger_contact_sums
          WHERE workspace_id = $1 AND currency = 'USD' ORDER BY ltv_minor DESC, contact_id LIMIT 80) s
        JOIN contacts c ON c.workspace_id = $1 AND c.id = s.contact_id ${CONTACT_FROM.replace('contacts c', '')}
        WHERE ${LISTED} ORDER BY s.ltv_minor DESC, s.contact_id LIMIT ${PAGE + 1}`,
    ),
    // First names, from one letter on; last names, common and rare; parts of an e-mail address; nobody.
    named('h'),
    named('ha'),
    named('hannah'),
    named('hannah lind'),
    named('hannah lindberg'),
    found('lind', 'lind'),
    found('lindberg', 'lindberg'),
    found('post5', 'post5'),
    found('hannah post5', 'hannah', 'post5'),
    found('hannah.lindberg.5', 'hannah', 'lindberg', '5'),
    found('777', '777'),
    found('nobody', 'nobody'),
    {
      name: 'command palette “hannah”',
      request: () => ({ path: '/v1/contacts?search=hannah&limit=6' }),
      statements: () => [
        {
          text: `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE ${LISTED} AND c.sort_name >= 'hannah' AND c.sort_name < $2
            ORDER BY c.sort_name, c.id LIMIT 7`,
          values: [workspaceId, 'hannah\u{10ffff}'],
        },
      ],
      promise: 'pages',
    },
    {
      name: 'Home',
      request: () => ({ path: '/v1/home' }),
      statements: () => [
        {
          text: `SELECT day, currency, sum(CASE kind WHEN 'charge' THEN amount_minor ELSE -amount_minor END) FROM payment_day_totals
            WHERE workspace_id = $1 AND day > $2 AND ${STANDING} GROUP BY 1, 2`,
          values: [workspaceId, new Date(Date.now() - 60 * 86_400_000)],
        },
        {
          text: `${PAYMENT_SELECT} AND p.needs_action ORDER BY p.occurred_at DESC, p.id DESC LIMIT 8`,
          values: [workspaceId],
        },
        { text: 'SELECT count(*) FROM payments WHERE workspace_id = $1 AND needs_action', values: [workspaceId] },
        { text: `${PAYMENT_SELECT} ORDER BY p.occurred_at DESC, p.id DESC LIMIT 8`, values: [workspaceId] },
      ],
      promise: 'pages',
    },
    {
      name: 'top 100 by LTV, against a read by primary key',
      request: () => ({ path: '/v1/top-contacts?currency=USD&limit=100' }),
      statements: (turn) => [
        { text: 'SELECT * FROM contacts WHERE workspace_id = $1 AND id = $2', values: [workspaceId, of(turn).uuid] },
      ],
      promise: 'key',
    },
  ];
}

function overviewStatements(workspaceId: string, contactId: string) {
  const values = [workspaceId, contactId];
  return [
    { text: `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE c.workspace_id = $1 AND c.id = $2`, values },
    { text: 'SELECT * FROM ledger_contact_sums WHERE workspace_id = $1 AND contact_id = $2', values },
    {
      text: `SELECT currency, min(occurred_at), max(occurred_at) FROM payments
        WHERE workspace_id = $1 AND contact_id = $2 AND kind = 'charge' AND status = 'settled' GROUP BY currency`,
      values,
    },
    {
      text: `SELECT currency, date_trunc('month', day), sum(CASE kind WHEN 'charge' THEN amount_minor ELSE -amount_minor END) FROM payments
        WHERE workspace_id = $1 AND contact_id = $2 AND occurred_at > $3 AND ${STANDING} GROUP BY 1, 2`,
      values: [...values, new Date(Date.now() - 365 * 86_400_000)],
    },
    { text: `${PAYMENT_SELECT} AND p.contact_id = $2 AND p.needs_action ${NEWEST}`, values },
    { text: `${PAYMENT_SELECT} AND p.contact_id = $2 ORDER BY p.occurred_at DESC, p.id DESC LIMIT 10`, values },
    { text: 'SELECT * FROM payment_methods WHERE workspace_id = $1 AND contact_id = $2', values },
  ];
}

/** Filters of Transactions: the query, and the same as SQL. */
function filters({ contacts, month }: PageFacts) {
  const one = contacts[0]!;
  const alike = (query: string, sql: string, ...values: unknown[]) => ({ query, sql, values });
  return {
    settled: alike('status=settled', `p.status = 'settled'`),
    declined: alike('status=declined', `p.status = 'declined'`),
    returned: alike('status=returned', `p.status = 'returned'`),
    'unknown (none)': alike('status=unknown', `p.status = 'unknown'`),
    card: alike('method=card', `p.method_kind = 'card'`),
    cheque: alike('method=cheque', `p.method_kind = 'cheque'`),
    'manual gateway': alike('gateway=manual', `p.gateway = 'manual'`),
    'source API': alike('source=api', `p.source = 'api'`),
    'source gateway': alike('source=gateway', `p.source = 'gateway'`),
    contact: alike(`contact=${one.id}`, 'p.contact_id = $2', one.uuid),
    'a month': alike(
      `from=${month.from}&to=${month.to}`,
      'p.occurred_at >= $2 AND p.occurred_at < $3',
      `${month.from}T00:00:00Z`,
      `${month.after}T00:00:00Z`,
    ),
    'amount 10–50': alike('amount_min=1000&amount_max=5000', 'p.amount_minor BETWEEN 1000 AND 5000'),
    'amount 125': alike('amount_min=12500&amount_max=12500', 'p.amount_minor = 12500'),
    'amount from 9,000': alike('amount_min=900000', 'p.amount_minor >= 900000'),
    refunds: alike('kind=refund', `p.kind = 'refund'`),
    disputes: alike('kind=dispute', `p.kind = 'dispute'`),
    EUR: alike('currency=EUR', `p.currency = 'EUR'`),
    'CHF (1 in 10,000)': alike('currency=CHF', `p.currency = 'CHF'`),
    'JPY (none)': alike('currency=JPY', `p.currency = 'JPY'`),
    'needs action': alike('needs_action=true', 'p.needs_action'),
    'declined, cash (none)': alike('status=declined&method=cash', `p.status = 'declined' AND p.method_kind = 'cash'`),
    'declined, EUR, a month': alike(
      `status=declined&currency=EUR&from=${month.from}&to=${month.to}`,
      `p.status = 'declined' AND p.currency = 'EUR' AND p.occurred_at >= $2 AND p.occurred_at < $3`,
      `${month.from}T00:00:00Z`,
      `${month.after}T00:00:00Z`,
    ),
    'declined or returned': alike('status=declined,returned', `p.status IN ('declined', 'returned')`),
    'declined, EUR': alike('status=declined&currency=EUR', `p.status = 'declined' AND p.currency = 'EUR'`),
    'returned, GBP': alike('status=returned&currency=GBP', `p.status = 'returned' AND p.currency = 'GBP'`),
    'pending by bank debit': alike(
      'status=pending&method=bank_debit',
      `p.status = 'pending' AND p.method_kind = 'bank_debit'`,
    ),
    'cash through the API (none)': alike('method=cash&source=api', `p.method_kind = 'cash' AND p.source = 'api'`),
    'CHF by cheque': alike('currency=CHF&method=cheque', `p.currency = 'CHF' AND p.method_kind = 'cheque'`),
    'manual gateway, EUR': alike('gateway=manual&currency=EUR', `p.gateway = 'manual' AND p.currency = 'EUR'`),
    'refunds, declined': alike('kind=refund&status=declined', `p.kind = 'refund' AND p.status = 'declined'`),
    'refunds, a month': alike(
      `kind=refund&from=${month.from}&to=${month.to}`,
      `p.kind = 'refund' AND p.occurred_at >= $2 AND p.occurred_at < $3`,
      `${month.from}T00:00:00Z`,
      `${month.after}T00:00:00Z`,
    ),
    'a contact, declined': alike(
      `contact=${one.id}&status=declined`,
      `p.contact_id = $2 AND p.status = 'declined'`,
      one.uuid,
    ),
    'declined from 9,000': alike(
      'status=declined&amount_min=900000',
      `p.status = 'declined' AND p.amount_minor >= 900000`,
    ),
    'cash, amount 125': alike(
      'method=cash&amount_min=12500&amount_max=12500',
      `p.method_kind = 'cash' AND p.amount_minor = 12500`,
    ),
    'USD, amount 125': alike(
      'currency=USD&amount_min=12500&amount_max=12500',
      `p.currency = 'USD' AND p.amount_minor = 12500`,
    ),
    'refunds of 125': alike(
      'kind=refund&amount_min=12500&amount_max=12500',
      `p.kind = 'refund' AND p.amount_minor = 12500`,
    ),
    'returned, 10–50': alike(
      'status=returned&amount_min=1000&amount_max=5000',
      `p.status = 'returned' AND p.amount_minor BETWEEN 1000 AND 5000`,
    ),
    'needs action, declined': alike('needs_action=true&status=declined', `p.needs_action AND p.status = 'declined'`),
    'needs action, returned': alike('needs_action=true&status=returned', `p.needs_action AND p.status = 'returned'`),
    'needs action, from 9,000': alike(
      'needs_action=true&amount_min=900000',
      'p.needs_action AND p.amount_minor >= 900000',
    ),
    'settled cheques in GBP': alike(
      'status=settled&method=cheque&currency=GBP',
      `p.status = 'settled' AND p.method_kind = 'cheque' AND p.currency = 'GBP'`,
    ),
  };
}

function transactionCases(facts: PageFacts): PageCase[] {
  const { workspaceId, middle } = facts;
  const page = (name: string, query: string, sql: string, values: readonly unknown[]): PageCase => ({
    name: `Transactions: ${name}`,
    request: () => ({ path: `/v1/payments?${query}` }),
    statements: () => [{ text: `${PAYMENT_SELECT} ${sql} ${NEWEST}`, values: [workspaceId, ...values] }],
    promise: 'pages',
  });
  return [
    page('first page', '', '', []),
    page('half-way down', `cursor=${middle.cursor}`, 'AND (p.occurred_at, p.id) < ($2, $3)', [middle.at, middle.id]),
    ...Object.entries(filters(facts)).map(([name, { query, sql, values }]) => page(name, query, `AND ${sql}`, values)),
    page(
      'declined, half-way down',
      `status=declined&cursor=${middle.cursor}`,
      `AND p.status = 'declined' AND (p.occurred_at, p.id) < ($2, $3)`,
      [middle.at, middle.id],
    ),
  ];
}

function totalCases(facts: PageFacts): PageCase[] {
  const total = (name: string, query: string, table: string, sql: string, values: readonly unknown[]): PageCase => ({
    name: `totals: ${name}`,
    request: () => ({ path: `/v1/payment-totals?${query}` }),
    statements: () => [
      {
        text: `${TOTALS} FROM ${table} WHERE p.workspace_id = $1 ${sql} GROUP BY p.currency`,
        values: [facts.workspaceId, ...values],
      },
    ],
    promise: 'told',
  });
  const days = '(SELECT *, count AS n FROM payment_day_totals) p';
  const rows = '(SELECT *, 1 AS n FROM payments) p';
  const { month } = facts;
  return [
    total('of everything', '', days, '', []),
    ...Object.entries(filters(facts)).map(([name, { query, sql, values }]) => {
      if (/contact=|amount_|needs_action/.test(query)) return total(name, query, rows, `AND ${sql}`, values);
      const byDay = sql.replace('p.occurred_at >= $2 AND p.occurred_at < $3', 'p.day >= $2 AND p.day < $3');
      return total(name, query, days, `AND ${byDay}`, values);
    }),
    total('needs no action', 'needs_action=false', rows, 'AND NOT p.needs_action', []),
    total(
      'a month, 10–50',
      `from=${month.from}&to=${month.to}&amount_min=1000&amount_max=5000`,
      rows,
      'AND p.occurred_at >= $2 AND p.occurred_at < $3 AND p.amount_minor BETWEEN 1000 AND 5000',
      [`${month.from}T00:00:00Z`, `${month.after}T00:00:00Z`],
    ),
  ];
}

function smartListCases({ workspaceId, month }: PageFacts): PageCase[] {
  const list = (name: string, filter: object, sql: string, values: unknown[] = []): PageCase => ({
    name: `smart list, page and count: ${name}`,
    request: () => ({ path: '/v1/smart-lists/preview', body: JSON.stringify({ filter }) }),
    statements: () => [
      { text: `SELECT count(*) FROM contacts c WHERE ${LISTED} AND ${sql}`, values: [workspaceId, ...values] },
      {
        text: `SELECT ${CONTACT_COLUMNS} FROM ${CONTACT_FROM} WHERE ${LISTED} AND ${sql} ORDER BY c.sort_name, c.id LIMIT 51`,
        values: [workspaceId, ...values],
      },
    ],
    promise: 'told',
  });
  return [
    list(
      'LTV from 15,000 USD',
      { ltv: { currency: 'USD', min_minor: 1_500_000 } },
      `c.id IN (SELECT contact_id FROM ledger_contact_sums WHERE workspace_id = $1 AND currency = 'USD' AND ltv_minor >= 1500000)`,
    ),
    list(
      'LTV 500 to 1,000 USD',
      { ltv: { currency: 'USD', min_minor: 50_000, max_minor: 100_000 } },
      `c.id IN (SELECT contact_id FROM ledger_contact_sums WHERE workspace_id = $1 AND currency = 'USD' AND ltv_minor >= 50000 AND ltv_minor < 100000)`,
    ),
    list(
      'tag vip',
      { tag: 'vip' },
      `c.id IN (SELECT contact_id FROM contact_tags WHERE workspace_id = $1 AND tag = 'vip')`,
    ),
    list('country GB', { country: 'GB' }, `c.country = 'GB'`),
    list(
      'failed charge',
      { has_failed_charge: true },
      `c.id IN (SELECT contact_id FROM payments WHERE workspace_id = $1 AND needs_action AND kind = 'charge')`,
    ),
    list(
      'LTV below 100 USD, or none',
      { ltv: { currency: 'USD', max_minor: 10_000 } },
      `NOT EXISTS (SELECT 1 FROM ledger_contact_sums s WHERE s.workspace_id = $1 AND s.contact_id = c.id AND s.currency = 'USD' AND s.ltv_minor >= 10000)`,
    ),
    list(
      'tag newsletter',
      { tag: 'newsletter' },
      `c.id IN (SELECT contact_id FROM contact_tags WHERE workspace_id = $1 AND tag = 'newsletter')`,
    ),
    list(
      'no failed charge',
      { has_failed_charge: false },
      `c.id NOT IN (SELECT contact_id FROM payments WHERE workspace_id = $1 AND needs_action AND kind = 'charge')`,
    ),
    list(
      'has a card',
      { has_card: true },
      `EXISTS (SELECT 1 FROM payment_methods x WHERE x.workspace_id = $1 AND x.contact_id = c.id AND x.removed_at IS NULL AND x.blocked_reason IS NULL
        AND (x.exp_year, x.exp_month) >= (extract(year FROM now())::int, extract(month FROM now())::int))`,
    ),
    list(
      'card expires within 60 days',
      { card_expires_within_days: 60 },
      `c.id IN (SELECT contact_id FROM payment_methods WHERE workspace_id = $1 AND removed_at IS NULL
        AND (exp_year, exp_month) >= (extract(year FROM now())::int, extract(month FROM now())::int)
        AND (exp_year, exp_month) <= (extract(year FROM now() + interval '29 days')::int, extract(month FROM now() + interval '29 days')::int))`,
    ),
    list(
      'created in a month',
      { created: { after: month.from, before: month.after } },
      'c.created_at >= $2 AND c.created_at < $3',
      [`${month.from}T00:00:00Z`, `${month.after}T00:00:00Z`],
    ),
    list(
      'country GB and tag vip',
      { country: 'GB', tag: 'vip' },
      `c.country = 'GB' AND c.id IN (SELECT contact_id FROM contact_tags WHERE workspace_id = $1 AND tag = 'vip')`,
    ),
    list(
      'never paid',
      { last_payment: { never: true } },
      'NOT EXISTS (SELECT 1 FROM ledger_contact_sums s WHERE s.workspace_id = $1 AND s.contact_id = c.id AND s.payment_count > 0)',
    ),
    list(
      'last paid after',
      { last_payment: { after: month.to } },
      `EXISTS (SELECT 1 FROM payments x WHERE x.workspace_id = $1 AND x.contact_id = c.id AND x.kind = 'charge' AND x.status = 'settled' AND x.occurred_at >= $2)`,
      [`${month.to}T00:00:00Z`],
    ),
    list(
      'LTV from 15,000 USD, last paid before',
      { ltv: { currency: 'USD', min_minor: 1_500_000 }, last_payment: { before: month.to } },
      `c.id IN (SELECT contact_id FROM ledger_contact_sums WHERE workspace_id = $1 AND currency = 'USD' AND ltv_minor >= 1500000)
       AND NOT EXISTS (SELECT 1 FROM payments x WHERE x.workspace_id = $1 AND x.contact_id = c.id AND x.kind = 'charge' AND x.status = 'settled' AND x.occurred_at >= $2)`,
      [`${month.to}T00:00:00Z`],
    ),
    list(
      'last paid before',
      { last_payment: { before: month.to } },
      `c.id IN (SELECT contact_id FROM ledger_contact_sums WHERE workspace_id = $1 AND payment_count > 0)
       AND NOT EXISTS (SELECT 1 FROM payments x WHERE x.workspace_id = $1 AND x.contact_id = c.id AND x.kind = 'charge' AND x.status = 'settled' AND x.occurred_at >= $2)`,
      [`${month.to}T00:00:00Z`],
    ),
  ];
}
