import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type ApiKey, apiKeys, newApiKey } from '../../../src/workspace/api.ts';
import { RIGHTS, type Right } from '../../../src/workspace/caller.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CalendarDateText, DateText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { OnceShown } from './once-shown.tsx';
import { RIGHT_WORDS } from './rights.ts';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';

/** Settings → API keys: for programs. The token is shown once. */
export function SettingsApiKeysPage() {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const key = [workspace.id, 'api-keys'];
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get('/v1/api-keys', apiKeys, { signal }) });
  return (
    <>
      <Section
        title="API keys"
        note={
          <>
            For programs of your own. What they can ask is described in{' '}
            <a href="/docs" target="_blank" rel="noreferrer">
              the API’s document
            </a>
            .
          </>
        }
      >
        <SettingsQuery query={query} what="The keys">
          {({ data }) =>
            data.length === 0 ? (
              <p className={classes.quiet}>There is no key yet.</p>
            ) : (
              <ul className={classes.rows}>
                {data.map((one) => (
                  <li key={one.id} className={classes.row}>
                    <div>
                      <div className={classes.rowName}>
                        {one.name} <span className={classes.quiet}>…{one.hint}</span>
                      </div>
                      <div className={classes.quiet}>{one.rights.join(', ')}</div>
                    </div>
                    <div className={classes.quiet} style={{ textAlign: 'right' }}>
                      <div>
                        Made <DateText at={one.created_at} />
                      </div>
                      <div>
                        {one.last_used_on ? (
                          <>
                            Used <CalendarDateText date={one.last_used_on} />
                          </>
                        ) : (
                          'Never used'
                        )}
                      </div>
                    </div>
                    <Button size="xs" aria-label={`Revoke ${one.name}`} onClick={() => setRevoking(one)}>
                      Revoke
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </SettingsQuery>
      </Section>
      <NewApiKey onMade={() => void queryClient.invalidateQueries({ queryKey: key })} />
      <ConfirmDialog
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        title={`Revoke ${revoking?.name ?? 'the key'}?`}
        confirm="Revoke key"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          await api.remove(`/v1/api-keys/${revoking?.id}`);
          await queryClient.invalidateQueries({ queryKey: key });
          toastDone('The key no longer works');
        }}
      >
        Programs that use it are refused from this moment. It cannot be brought back; a new key can be made.
      </ConfirmDialog>
    </>
  );
}

function NewApiKey({ onMade }: { onMade: () => void }) {
  const { api } = useWorkspace();
  const [name, setName] = useState('');
  const [rights, setRights] = useState<Right[]>(['contacts.read', 'payments.read']);
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const [problem, setProblem] = useState<{ words: string; fields: Record<string, string> } | null>(null);
  const [isMaking, setMaking] = useState(false);

  async function make(event: FormEvent) {
    event.preventDefault();
    if (name.trim() === '') {
      return setProblem({ words: '', fields: { name: 'Give the key a name, so that it can be told apart later.' } });
    }
    setMaking(true);
    setProblem(null);
    try {
      setMade(await api.post('/v1/api-keys', { name: name.trim(), rights }, newApiKey));
      setName('');
      onMade();
    } catch (error) {
      setProblem({ words: describeError(error), fields: fieldErrors(error) });
    } finally {
      setMaking(false);
    }
  }

  return (
    <Section title="New key">
      {made && (
        <OnceShown title={`The key “${made.name}”`} secret={made.token} label="API key">
          It is shown only now: only its hash is kept. Keep it where your program keeps its secrets.
        </OnceShown>
      )}
      <form className={classes.form} onSubmit={(event) => void make(event)} noValidate>
        <TextInput
          label="Name"
          placeholder="Booking page"
          value={name}
          error={problem?.fields.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="It may"
          value={rights}
          onChange={(next) => setRights(next as Right[])}
          error={problem?.fields.rights}
        >
          <div className={classes.rights} style={{ marginTop: 8 }}>
            {RIGHTS.map((right) => (
              <Checkbox key={right} value={right} label={RIGHT_WORDS[right]} />
            ))}
          </div>
        </Checkbox.Group>
        {problem?.words && <Notice tone="red">{problem.words}</Notice>}
        <div className={classes.buttons}>
          <Button type="submit" variant="filled" loading={isMaking} disabled={rights.length === 0}>
            Make key
          </Button>
        </div>
      </form>
    </Section>
  );
}
