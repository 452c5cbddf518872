/**
 * How long receivables have been due, in the parts that an ageing report has. A part holds what has been due for more than
 * `over` days and at most as many as the next one; the first is not due yet.
 */
export const AGES = [
  { key: 'not_due', over: null, label: 'Not yet due' },
  { key: 'overdue_1_30', over: 0, label: '1–30 days' },
  { key: 'overdue_31_60', over: 30, label: '31–60 days' },
  { key: 'overdue_61_90', over: 60, label: '61–90 days' },
  { key: 'overdue_over_90', over: 90, label: 'Over 90 days' },
] as const;

export type Age = (typeof AGES)[number]['key'];
