import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type CardLink, cardLinks } from '../../../src/portal/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { DateText, MomentText } from '../ui/date-text.tsx';
import { StatusDot, type StatusTone } from '../ui/status-dot.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import classes from './cards.module.css';

const STATE_WORDS: Record<CardLink['state'], { words: string; tone: StatusTone }> = {
  open: { words: 'Not used yet', tone: 'amber' },
  used: { words: 'Used', tone: 'quiet' },
  expired: { words: 'Expired', tone: 'hollow' },
  revoked: { words: 'Ended', tone: 'hollow' },
};

/** Links by which this contact was asked for a card: where each stands, and an end to those that are open. */
export function CardLinks({ contactId }: { contactId: string }) {
  const { api, workspace } = useWorkspace();
  const links = useQuery({
    queryKey: [workspace.id, 'card-links', contactId],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${contactId}/card-links`, cardLinks, { signal }),
  });
  if (!links.data || links.data.data.length === 0) return null;
  return (
    <>
      <h2 className={classes.pastTitle}>Asked by link</h2>
      <ul className={classes.cards} aria-label="Links that ask for a card">
        {links.data.data.map((link) => (
          <LinkRow key={link.id} link={link} />
        ))}
      </ul>
    </>
  );
}

function LinkRow({ link }: { link: CardLink }) {
  const { api, workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const mayChange = useMay()('payments.charge');
  const { words, tone } = STATE_WORDS[link.state];
  const revoke = useMutation({
    mutationFn: () => api.remove(`/v1/card-links/${link.id}`),
    onSuccess: () => {
      toastDone('The link is ended.');
      return queryClient.invalidateQueries({ queryKey: [workspace.id, 'card-links'] });
    },
    onError: (error) => toastFailed(describeError(error)),
  });
  return (
    <li className={classes.card}>
      <div className={classes.words}>
        <StatusDot tone={tone}>{words}</StatusDot>
        <span className={classes.more}>
          Made by {link.created_by}, <DateText at={link.created_at} />
          {link.opened_at && (
            <>
              ; opened <DateText at={link.opened_at} />
            </>
          )}
          {link.state === 'open' && (
            <>
              ; works until <MomentText at={link.expires_at} />
            </>
          )}
        </span>
      </div>
      {link.state === 'open' && mayChange && (
        <Button size="xs" variant="subtle" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          End this link
        </Button>
      )}
    </li>
  );
}
