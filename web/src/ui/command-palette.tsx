import { Modal } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import classes from './command-palette.module.css';
import { type Command, type CommandSource, useRegisteredCommands } from './command-registry.ts';
import { KeyHint } from './key-hint.tsx';

/** Pause in typing before sources are asked: below the rhythm of typing, above a request per letter. */
const SEARCH_PAUSE_MS = 120;
/** Rows shown of one heading: more than that, one types on. */
const ROWS_PER_HEADING = 7;

interface Group {
  heading: string;
  commands: readonly Command[];
  hasFailed?: boolean;
}

/** Finds contacts, transactions and actions. A combobox over a list: the focus stays in the text. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { groups, sources } = useRegisteredCommands();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = useSearch(sources, text);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);

  const shown = useMemo<Group[]>(() => {
    const matching = groups.map((group) => ({
      heading: group.heading,
      commands: group.commands.filter((command) => matches(command, text)).slice(0, ROWS_PER_HEADING),
    }));
    return [...found.groups, ...mergeByHeading(matching)].filter(
      (group) => group.commands.length > 0 || 'hasFailed' in group,
    );
  }, [groups, found.groups, text]);
  const commands = shown.flatMap((group) => group.commands);
  const current = commands[Math.min(active, commands.length - 1)];

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  function run(command: Command) {
    onClose();
    void command.run();
  }

  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && commands.length > 0) {
      event.preventDefault();
      setActive((before) => (Math.min(before, commands.length - 1) + step + commands.length) % commands.length);
    }
    if (event.key === 'Enter' && current && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(current);
    }
  }

  return (
    <Modal.Root opened onClose={onClose} padding={0} size={560} yOffset="12dvh">
      <Modal.Overlay />
      <Modal.Content aria-label="Search and commands" radius="lg">
        <div className={classes.search}>
          <IconSearch size={18} stroke={1.6} aria-hidden />
          <input
            className={classes.input}
            data-autofocus
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={current ? optionId(listId, current) : undefined}
            aria-label="Search contacts, transactions and actions"
            placeholder="Search contacts, transactions and actions"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKey}
          />
          <KeyHint keys="Esc" />
        </div>
        <div className={classes.list} id={listId} role="listbox" aria-label="Found" ref={list}>
          {shown.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand inside a listbox
            <div key={group.heading} role="group" aria-label={group.heading}>
              <div className={classes.heading} aria-hidden>
                {group.heading}
                {group.hasFailed && ' could not be searched'}
              </div>
              {group.commands.map((command) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the text above, as a combobox does
                // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text, as a combobox does
                <div
                  key={command.id}
                  id={optionId(listId, command)}
                  role="option"
                  aria-selected={command === current}
                  className={classes.option}
                  onMouseMove={() => setActive(commands.indexOf(command))}
                  onClick={() => run(command)}
                >
                  <span className={classes.label}>{command.label}</span>
                  {command.detail && <span className={classes.detail}>{command.detail}</span>}
                  {command.keys && <KeyHint keys={command.keys} />}
                </div>
              ))}
            </div>
          ))}
        </div>
        {commands.length === 0 && (
          <p className={classes.nothing} role="status">
            {found.isSearching
              ? 'Searching…'
              : `Nothing is called “${text.trim()}”. Try a name, an e-mail address or an amount.`}
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

function optionId(listId: string, command: Command) {
  return `${listId}-${command.id}`;
}

/** Every word typed begins some word of the command. */
function matches(command: Command, text: string): boolean {
  const words = `${command.label} ${command.words ?? ''}`.toLocaleLowerCase().split(/[\s:]+/);
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((typed) => words.some((word) => word.startsWith(typed)));
}

function mergeByHeading(groups: readonly Group[]): Group[] {
  const merged = new Map<string, Command[]>();
  for (const group of groups) merged.set(group.heading, [...(merged.get(group.heading) ?? []), ...group.commands]);
  return [...merged].map(([heading, commands]) => ({ heading, commands }));
}

/** What the sources answer for `text`, each as soon as it answers; the groups of the text before stay until then. */
function useSearch(sources: readonly CommandSource[], text: string): { groups: Group[]; isSearching: boolean } {
  const [groups, setGroups] = useState<Group[]>([]);
  const [isSearching, setSearching] = useState(false);
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === '') {
      setGroups([]);
      setSearching(false);
      return;
    }
    const abort = new AbortController();
    setSearching(true);
    const timer = setTimeout(async () => {
      const answers = await Promise.all(
        sources.map(async (source): Promise<Group> => {
          try {
            const commands = await source.search(wanted, abort.signal);
            return { heading: source.heading, commands: commands.slice(0, ROWS_PER_HEADING) };
          } catch {
            return { heading: source.heading, commands: [], hasFailed: true };
          }
        }),
      );
      if (abort.signal.aborted) return;
      setGroups(answers);
      setSearching(false);
    }, SEARCH_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [sources, wanted]);
  return { groups, isSearching };
}
