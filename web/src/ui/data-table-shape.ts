import type { ReactNode } from 'react';
import type { Address } from './address-link.tsx';

/** Below this width of the table (not of the window) rows have two lines instead of columns. */
export const PHONE_TABLE_WIDTH = 560;

export interface Column<Row> {
  id: string;
  header: string;
  /** A CSS grid track: "minmax(160px, 2fr)", "120px". */
  width: string;
  /** Amounts and counts stand right; everything else left. */
  align?: 'right';
  /** The column is left out while the table is narrower than this many pixels: least important columns go first. */
  minTableWidth?: number;
  isSortable?: boolean;
  render: (row: Row) => ReactNode;
}

/** What a row says in two lines: name and amount above, what qualifies them below. */
export interface PhoneRow {
  title: ReactNode;
  value?: ReactNode;
  detail?: ReactNode;
  valueDetail?: ReactNode;
}

export interface RowAction {
  label: string;
  icon?: ReactNode;
  /** Either an address or something to do. */
  link?: Address;
  run?: () => void;
  isDestructive?: boolean;
  /** Why it cannot be done now; the action is shown, greyed, with the reason. */
  disabledReason?: string;
}

export interface Sort {
  columnId: string;
  direction: 'ascending' | 'descending';
}
