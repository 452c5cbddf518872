import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '../app/session.ts';
import { CalmPage } from '../ui/calm-page.tsx';

/** Signed in, but a member of nothing (any more). */
export function NoWorkspacePage() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return (
    <CalmPage
      title="You are in no workspace"
      intro="Ask an owner to invite you. Their invitation is a link that brings you straight in."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void signOut(queryClient, 'here').then(() => navigate({ to: '/sign-in', search: {} }));
        }}
      >
        <Button type="submit" size="md" fullWidth>
          Sign out
        </Button>
      </form>
    </CalmPage>
  );
}
