import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { allCurrencies } from '../../../src/foundation/currency.ts';
import type { ImportChanges, ImportRecord } from '../../../src/imports/api.ts';
import classes from './imports.module.css';

type Settings = ImportRecord['settings'];

const ENCODINGS: { value: Settings['encoding']; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Western (Latin-1)' },
  { value: 'utf-16le', label: 'UTF-16' },
  { value: 'utf-16be', label: 'UTF-16, big-endian' },
];
const SEPARATORS: { value: Settings['separator']; label: string }[] = [
  { value: ',', label: 'Commas' },
  { value: ';', label: 'Semicolons' },
  { value: '\t', label: 'Tabs' },
  { value: '|', label: 'Bars' },
];
const DATE_ORDERS: { value: Settings['date_order']; label: string }[] = [
  { value: 'ymd', label: 'Year, month, day' },
  { value: 'dmy', label: 'Day, month, year' },
  { value: 'mdy', label: 'Month, day, year' },
  { value: 'unix', label: 'Seconds since 1970' },
];

/** How the file is read, as it was found out; folded, because it is nearly always right. */
export function ImportReading(props: {
  settings: Settings;
  withMoney: boolean;
  onChange: (changes: ImportChanges) => void;
}) {
  const { settings, onChange } = props;
  const timeZones = useMemo(
    () => [...new Set([settings.time_zone, ...Intl.supportedValuesOf('timeZone'), 'UTC'])],
    [settings.time_zone],
  );
  const currencies = useMemo(() => allCurrencies().map(({ code }) => code), []);
  return (
    <details className={classes.fold}>
      <summary>How the file is read</summary>
      <div className={classes.options}>
        <Select
          label="Separated by"
          data={SEPARATORS}
          value={settings.separator}
          onChange={(separator) => separator && onChange({ separator: separator as Settings['separator'] })}
        />
        <Select
          label="Letters"
          data={ENCODINGS}
          value={settings.encoding}
          onChange={(encoding) => encoding && onChange({ encoding: encoding as Settings['encoding'] })}
        />
        <Select
          label="First line"
          data={[
            { value: 'yes', label: 'Names of the columns' },
            { value: 'no', label: 'A row like the others' },
          ]}
          value={settings.has_header ? 'yes' : 'no'}
          onChange={(has) => onChange({ has_header: has === 'yes' })}
        />
        <Select
          label="Dates are written"
          data={DATE_ORDERS}
          value={settings.date_order}
          onChange={(order) => order && onChange({ date_order: order as Settings['date_order'] })}
        />
        <Select
          label="Decimals after"
          data={[
            { value: '.', label: 'A point: 1,200.50' },
            { value: ',', label: 'A comma: 1.200,50' },
          ]}
          value={settings.decimal_mark}
          onChange={(mark) => mark && onChange({ decimal_mark: mark as '.' | ',' })}
        />
        <Select
          label="Time zone of the times"
          searchable
          limit={60}
          data={timeZones}
          value={settings.time_zone}
          onChange={(zone) => zone && onChange({ time_zone: zone })}
        />
        {props.withMoney && (
          <Select
            label="Currency of rows without one"
            searchable
            data={currencies}
            value={settings.currency}
            onChange={(currency) => currency && onChange({ currency })}
          />
        )}
      </div>
    </details>
  );
}
