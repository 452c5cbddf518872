import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { customerLinks, newCustomerLink } from '../../../src/portal/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { CopyButton } from '../charge/customer-link.tsx';
import { DateText, MomentText } from '../ui/date-text.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './invoices-tab.module.css';

const STATES = {
  open: { tone: 'accent', words: 'Works' },
  expired: { tone: 'hollow', words: 'Expired' },
  revoked: { tone: 'hollow', words: 'Ended' },
} as const;

/** Links to a customer's own page: made, sent, and ended. Mounted while it is open. */
export function CustomerPageSheet(props: {
  contactId: string;
  name: string;
  email: string | null;
  onClose: () => void;
}) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const path = `/v1/contacts/${props.contactId}/customer-links`;
  const key = [workspace.id, 'customer-links', props.contactId];
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => api.get(path, customerLinks, { signal }) });
  const refresh = () => queryClient.invalidateQueries({ queryKey: key });
  const make = useMutation({
    mutationFn: (send: boolean) => api.post(path, { send }, newCustomerLink),
    onSuccess: refresh,
  });
  const end = useMutation({
    mutationFn: () => api.remove(path),
    onSuccess: async () => {
      make.reset();
      await refresh();
      toastDone('Every link to the page is worthless from now on');
    },
  });
  const links = list.data?.data ?? [];
  const failure = make.error ?? end.error;
  return (
    <SideSheet isOpen onClose={props.onClose} title={`The page of ${props.name}`}>
      <div className={classes.tab}>
        <p className={classes.words} style={{ margin: 0 }}>
          Invoices, receipts, a statement, saved cards and contact data, without a password. Whoever has the link can
          pay with the saved cards.
        </p>
        {failure && <Notice tone="red">{describeError(failure)}</Notice>}
        {make.data ? (
          <Notice
            tone="quiet"
            title={make.data.sent_to ? `It is on its way to ${make.data.sent_to}` : 'The link is made'}
            action={
              <CopyButton size="xs" text={make.data.url}>
                Copy link
              </CopyButton>
            }
          >
            It works until <MomentText at={make.data.expires_at} /> and is not shown again.
          </Notice>
        ) : (
          <div className={classes.head} style={{ justifyContent: 'flex-start' }}>
            {props.email && (
              <Button variant="filled" loading={make.isPending} onClick={() => make.mutate(true)}>
                Send to {props.email}
              </Button>
            )}
            <Button loading={make.isPending} onClick={() => make.mutate(false)}>
              Make a link to copy
            </Button>
          </div>
        )}
        {links.length > 0 && (
          <ul className={classes.links} aria-label="Links">
            {links.map((link) => (
              <li key={link.id}>
                <StatusDot tone={STATES[link.state].tone}>{STATES[link.state].words}</StatusDot>
                <span className={classes.words}>
                  made <DateText at={link.created_at} /> by {link.created_by}
                  {link.opened_at && (
                    <>
                      , opened <DateText at={link.opened_at} />
                    </>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
        {links.some((link) => link.state === 'open') && (
          <div>
            <Button size="xs" variant="subtle" loading={end.isPending} onClick={() => end.mutate()}>
              End all links
            </Button>
          </div>
        )}
      </div>
    </SideSheet>
  );
}
