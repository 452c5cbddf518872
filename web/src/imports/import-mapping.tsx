import { Select } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type ImportChanges,
  type ImportPreview,
  type ImportRecord,
  importPreview,
  importRecord,
} from '../../../src/imports/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { toastFailed } from '../ui/toast.tsx';
import { ImportReading } from './import-reading.tsx';
import classes from './imports.module.css';
import { SalesChoice } from './sales-choice.tsx';

/** What each column is, above the first rows as they are understood. Every choice is kept at once. */
export function ImportMapping({ record }: { record: ImportRecord }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const preview = useQuery({
    queryKey: [workspace.id, 'import', record.id, 'preview', record.settings],
    queryFn: ({ signal }) => api.get(`/v1/imports/${record.id}/preview`, importPreview, { signal }),
    placeholderData: keepPreviousData,
  });
  const change = useMutation({
    mutationFn: (changes: ImportChanges) => api.patch(`/v1/imports/${record.id}`, changes, importRecord),
    onSuccess: (next) => queryClient.setQueryData([workspace.id, 'import', record.id], next),
    onError: (error) => toastFailed(describeError(error)),
  });

  const columns = (
    <Section title="Columns" note="Say what each column is. Below it stands how its values are understood.">
      {preview.data ? (
        <>
          {preview.data.missing.length > 0 && (
            <Notice tone="amber">
              {preview.data.missing.map((one) => (
                <div key={one.path}>{one.message}</div>
              ))}
            </Notice>
          )}
          <Preview
            preview={preview.data}
            mapping={record.settings.mapping}
            timeZone={record.settings.time_zone}
            isBusy={change.isPending}
            onMap={(mapping) => change.mutate({ mapping })}
          />
        </>
      ) : preview.isError ? (
        <ErrorState
          title="The file could not be shown"
          message={describeError(preview.error)}
          onRetry={() => void preview.refetch()}
        />
      ) : (
        <SkeletonLines lines={8} />
      )}
      <ImportReading
        settings={record.settings}
        withMoney={record.kind !== 'contacts'}
        onChange={(changes) => change.mutate(changes)}
      />
    </Section>
  );
  if (record.settings.sales_as === null) return columns;
  return (
    <>
      <SalesChoice
        settings={record.settings}
        isBusy={change.isPending}
        onChange={(changes) => change.mutate(changes)}
      />
      {columns}
    </>
  );
}

const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const WHEN = { dateStyle: 'medium', timeStyle: 'short' } as const;

type Mapping = Readonly<Record<string, number>>;

function Preview(props: {
  preview: ImportPreview;
  mapping: Mapping;
  /** In which the file's times are read, and so shown. */
  timeZone: string;
  isBusy: boolean;
  onMap: (mapping: Record<string, number>) => void;
}) {
  const { preview, mapping, timeZone } = props;
  const { locale } = useReader();
  const fieldOf = (column: number) => Object.keys(mapping).find((field) => mapping[field] === column) ?? null;
  const readable = (parsed: string) =>
    MOMENT.test(parsed) ? new Intl.DateTimeFormat(locale, { ...WHEN, timeZone }).format(new Date(parsed)) : parsed;
  const hasNotes = preview.rows.some((row) => row.problems.length > 0);

  function map(column: number, field: string | null) {
    const others = Object.entries(mapping).filter(([name, at]) => at !== column && name !== field);
    props.onMap({ ...Object.fromEntries(others), ...(field === null ? {} : { [field]: column }) });
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard
    <section className={classes.scroll} aria-label="First rows" tabIndex={0}>
      <table className={classes.preview}>
        <thead>
          <tr>
            <th scope="col" className={classes.lineNo}>
              Line
            </th>
            {preview.columns.map((name, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; names may repeat
              <th key={column} scope="col">
                <span className={classes.columnName}>{name}</span>
                <Select
                  aria-label={`Column ${name} is`}
                  placeholder="Not used"
                  size="xs"
                  clearable
                  allowDeselect
                  searchable={preview.fields.length > 15}
                  comboboxProps={{ width: 240, position: 'bottom-start' }}
                  disabled={props.isBusy}
                  data={preview.fields.map((field) => ({ value: field.name, label: field.label }))}
                  value={fieldOf(column)}
                  onChange={(field) => map(column, field)}
                />
              </th>
            ))}
            {hasNotes && <th scope="col">Notes</th>}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.line} data-refused={row.problems.some(({ severity }) => severity === 'refused') || undefined}>
              <th scope="row" className={classes.lineNo}>
                {row.line}
              </th>
              {preview.columns.map((name, column) => {
                const field = fieldOf(column);
                const raw = row.cells[column] ?? '';
                const parsed = field === null ? undefined : row.parsed[field];
                const isWrong = field !== null && parsed === null;
                return (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    key={column}
                    data-unused={field === null || undefined}
                    data-wrong={isWrong || undefined}
                    title={isWrong ? `“${raw}” in ${name} is not understood` : raw}
                  >
                    {parsed ? readable(parsed) : (parsed ?? raw)}
                    {field !== null && row.makes.includes(field) && <span className={classes.made}> · new</span>}
                  </td>
                );
              })}
              {hasNotes && (
                <td className={classes.notes}>
                  <ul>
                    {row.problems.map((problem) => (
                      <li key={`${problem.column} ${problem.message}`} data-severity={problem.severity}>
                        {problem.message}
                      </li>
                    ))}
                  </ul>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
