import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { SERIES_KINDS } from '../../../src/invoices/number-series.ts';
import { describeError } from '../app/api-problem.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Section } from '../ui/page-header.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useSeries } from './draft-facts.ts';
import { KIND_WORDS } from './invoice-words.ts';
import { useCatalogueDeed } from './use-catalogue-deeds.ts';

/** Where the numbers of documents come from: without gaps, each in its series. */
export function SettingsSeries({ mayWrite }: { mayWrite: boolean }) {
  const query = useSeries();
  const deed = useCatalogueDeed();
  const [isAdding, setAdding] = useState(false);
  const [closing, setClosing] = useState<{ id: string; name: string } | null>(null);
  return (
    <Section
      title="Numbers"
      note="Each document gets the next number of its series when it is issued; none is left out, none is given twice."
      actions={mayWrite && <Button onClick={() => setAdding(true)}>New series</Button>}
    >
      <SettingsQuery query={query} what="The series">
        {({ data }) => (
          <ul className={settings.rows}>
            {data.map((one) => (
              <li key={one.id} className={settings.row}>
                <span>
                  <span className={settings.rowName}>{one.name}</span>
                  <br />
                  {KIND_WORDS[one.kind]}, {one.closed ? 'closed' : `next ${one.next}`}
                  {one.is_default && ', usual'}
                </span>
                {mayWrite && !one.closed && !one.is_default ? (
                  <Button
                    size="xs"
                    variant="subtle"
                    onClick={() =>
                      void deed.run(() => deed.api.patch(`/v1/number-series/${one.id}`, { is_default: true }))
                    }
                  >
                    Make usual
                  </Button>
                ) : (
                  <span />
                )}
                {mayWrite && !one.closed && !one.is_default && (
                  <Button size="xs" variant="subtle" onClick={() => setClosing(one)}>
                    Close
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </SettingsQuery>
      {isAdding && <NewSeries onClose={() => setAdding(false)} />}
      <ConfirmDialog
        isOpen={closing !== null}
        onClose={() => setClosing(null)}
        title={`Close ${closing?.name ?? 'this series'} for good?`}
        confirm="Close series"
        isDestructive
        describe={describeError}
        onConfirm={() =>
          deed.api.patch(`/v1/number-series/${closing?.id}`, { closed: true }).then(() => query.refetch())
        }
      >
        Its documents stay. No number is taken from it again, and it cannot be opened again.
      </ConfirmDialog>
    </Section>
  );
}

function NewSeries({ onClose }: { onClose: () => void }) {
  const deed = useCatalogueDeed();
  const [kind, setKind] = useState<(typeof SERIES_KINDS)[number]>('invoice');
  const [name, setName] = useState('');
  const [pattern, setPattern] = useState('INV-{YYYY}-{0000}');
  const [restarts, setRestarts] = useState(true);
  const [isDefault, setDefault] = useState(false);
  async function save(event: FormEvent) {
    event.preventDefault();
    const body = { kind, name: name.trim(), pattern: pattern.trim(), restarts_yearly: restarts, is_default: isDefault };
    if (await deed.save(() => deed.api.post('/v1/number-series', body))) onClose();
  }
  return (
    <SideSheet
      isOpen
      onClose={onClose}
      title="New series of numbers"
      isBusy={deed.isRunning}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" type="submit" form="new-series" loading={deed.isRunning}>
            Add series
          </Button>
        </>
      }
    >
      <form id="new-series" className={settings.form} onSubmit={(event) => void save(event)} noValidate>
        <Select
          label="For"
          data={SERIES_KINDS.map((one) => ({ value: one, label: `${KIND_WORDS[one]}s` }))}
          value={kind}
          onChange={(value) => setKind(SERIES_KINDS.find((one) => one === value) ?? kind)}
        />
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          error={deed.errorOf('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Pattern"
          description="{0000} is the running number, {YYYY} or {YY} the year."
          value={pattern}
          error={deed.errorOf('pattern')}
          onChange={(event) => setPattern(event.currentTarget.value)}
        />
        <Checkbox
          label="Begins anew each year"
          checked={restarts}
          onChange={(event) => setRestarts(event.currentTarget.checked)}
        />
        <Checkbox
          label="The usual one"
          checked={isDefault}
          onChange={(event) => setDefault(event.currentTarget.checked)}
        />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
      </form>
    </SideSheet>
  );
}
