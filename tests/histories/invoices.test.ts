import { INVOICE_STEPS } from './invoice-steps.ts';
import { recountInvoices } from './recount-invoices.ts';
import { rememberAgeing } from './remember-ageing.ts';
import { runHistories } from './run-histories.ts';

runHistories(0, 1, {
  title: 'with invoices leave receivables, allocations, money on account, ageing and lifetime values in agreement',
  failingSeeds: 'failing-invoice-seeds.json',
  count: 50,
  stepsMax: 24,
  steps: INVOICE_STEPS,
  stepsAlone: [[rememberAgeing, 20]],
  recountMore: recountInvoices,
});
