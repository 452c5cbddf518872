// Loaded into the server by the sums bench only (node --import): a Counterfoil that keeps no sums. The two statements
// that keep them are answered without being sent; everything else is as it is.
import pg from 'pg';

const LEFT_OUT = new Set(['ledger_add_contact_sums', 'payment_day_totals_add']);
const send = pg.Client.prototype.query;

pg.Client.prototype.query = function query(statement, ...rest) {
  return LEFT_OUT.has(statement?.name)
    ? Promise.resolve({ rows: [], rowCount: 0 })
    : send.call(this, statement, ...rest);
};
