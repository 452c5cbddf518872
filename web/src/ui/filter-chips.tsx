import { ActionIcon, Button, Menu, Popover, UnstyledButton } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './filter-chips.module.css';
import { FilterEditor } from './filter-editor.tsx';
import { type FilterField, type FilterValue, type FilterValues, isEmptyFilter, sentenceOf } from './filter-sentence.ts';
import { useReader } from './reader.tsx';

/**
 * Filters that read as a sentence: "Status is failed or pending · Amount is above $100.00". A chip opens its editor,
 * the cross removes it, "Filter" offers the fields not yet used. The values belong in the page's address.
 */
export function FilterChips(props: {
  fields: readonly FilterField[];
  values: FilterValues;
  onChange: (values: FilterValues) => void;
}) {
  const { fields, values, onChange } = props;
  const { locale } = useReader();
  const [openId, setOpenId] = useState<string | null>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const used = fields.filter((field) => values[field.id] !== undefined || field.id === draft);
  const unused = fields.filter((field) => !used.includes(field));

  function set(id: string, value: FilterValue | undefined) {
    const { [id]: _before, ...others } = values;
    onChange(value === undefined || isEmptyFilter(value) ? others : { ...others, [id]: value });
  }
  function close() {
    setOpenId(null);
    setDraft(null);
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend that this line has no place for
    <div className={classes.line} role="group" aria-label="Filters">
      {used.map((field) => {
        const value = values[field.id];
        const sentence = sentenceOf(field, value, locale);
        return (
          <div key={field.id} className={classes.chip}>
            <Popover opened={openId === field.id} onDismiss={close} position="bottom-start" trapFocus returnFocus>
              <Popover.Target>
                <UnstyledButton
                  className={classes.words}
                  aria-label={`${sentence}, change`}
                  onClick={() => (openId === field.id ? close() : setOpenId(field.id))}
                >
                  {sentence}
                </UnstyledButton>
              </Popover.Target>
              <Popover.Dropdown className={classes.editor} aria-label={field.label}>
                <FilterEditor
                  field={field}
                  value={value}
                  onApply={(next) => {
                    set(field.id, next);
                    close();
                  }}
                />
              </Popover.Dropdown>
            </Popover>
            {value !== undefined && (
              <ActionIcon size={22} aria-label={`Remove: ${sentence}`} onClick={() => set(field.id, undefined)}>
                <IconX size={13} stroke={1.8} />
              </ActionIcon>
            )}
          </div>
        );
      })}
      {unused.length > 0 && (
        <Menu position="bottom-start" returnFocus={false}>
          <Menu.Target>
            <Button size="xs" variant="subtle" leftSection={<IconPlus size={14} stroke={1.8} />}>
              Filter
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {unused.map((field) => (
              <Menu.Item
                key={field.id}
                onClick={() => {
                  setDraft(field.id);
                  setOpenId(field.id);
                }}
              >
                {field.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {Object.keys(values).length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => onChange({})}>
          Clear all
        </Button>
      )}
    </div>
  );
}
