import { Button, Checkbox, Select, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type InvoicingSettings, invoicingSettings } from '../../../src/invoices/api-catalogue.ts';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** A Monday, to name the days of the week after. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Days on which nothing falls due, and where taxes are rounded. */
export function SettingsCalendar(props: { settings: InvoicingSettings; mayWrite: boolean }) {
  const { mayWrite } = props;
  const { locale } = useReader();
  const deed = useCatalogueDeed();
  const [weekend, setWeekend] = useState<readonly number[]>(props.settings.weekend);
  const [holidays, setHolidays] = useState(props.settings.holidays.join('\n'));
  const [rounding, setRounding] = useState(props.settings.tax_rounding);
  const nameOfDay = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });

  async function save(event: FormEvent) {
    event.preventDefault();
    const body = {
      weekend: [...weekend].sort(),
      holidays: holidays.split(/[\s,;]+/).filter((day) => day !== ''),
      tax_rounding: rounding,
    };
    if (await deed.save(() => deed.api.patch('/v1/invoicing', body, invoicingSettings))) toastDone('Saved');
  }
  const holidayProblem = Object.entries(deed.problem?.fields ?? {}).find(([path]) => path.startsWith('holidays'))?.[1];

  return (
    <Section title="Days and rounding" note="Terms say whether a due date moves off a closed day, and which way.">
      <form className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        <fieldset className={settings.rights} style={{ gridTemplateColumns: '1fr 1fr' }}>
          <legend>Closed on</legend>
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <Checkbox
              key={day}
              label={nameOfDay.format(new Date(MONDAY + (day - 1) * DAY_MS))}
              disabled={!mayWrite}
              checked={weekend.includes(day)}
              onChange={(event) =>
                setWeekend(event.currentTarget.checked ? [...weekend, day] : weekend.filter((one) => one !== day))
              }
            />
          ))}
        </fieldset>
        <Textarea
          label="Holidays"
          description="One date per line, such as 2026-12-25."
          disabled={!mayWrite}
          autosize
          minRows={2}
          maxRows={10}
          value={holidays}
          error={holidayProblem}
          onChange={(event) => setHolidays(event.currentTarget.value)}
        />
        <Select
          label="Taxes are rounded"
          disabled={!mayWrite}
          data={[
            { value: 'document', label: 'Once per rate on the whole document' },
            { value: 'line', label: 'On every line' },
          ]}
          value={rounding}
          onChange={(value) => setRounding(value === 'line' ? 'line' : 'document')}
        />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        {mayWrite && (
          <div className={settings.buttons}>
            <Button type="submit" loading={deed.isRunning}>
              Save days
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}
