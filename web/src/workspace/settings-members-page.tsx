import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Member, members } from '../../../src/workspace/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Section } from '../ui/page-header.tsx';
import { Invitations } from './invitations.tsx';
import { MemberSheet } from './member-sheet.tsx';
import { ROLE_WORDS } from './rights.ts';
import classes from './settings.module.css';
import { SettingsQuery } from './settings-query.tsx';
import { useMay } from './workspace-facts.ts';

/** Settings → Members: who works here, what they may do, and who is invited. */
export function SettingsMembersPage() {
  const { api, workspace, user } = useWorkspace();
  const mayWrite = useMay()('members.write');
  const [editing, setEditing] = useState<Member | null>(null);
  const query = useQuery({
    queryKey: [workspace.id, 'members'],
    queryFn: ({ signal }) => api.get('/v1/members', members, { signal }),
  });
  return (
    <>
      <Section title="Members">
        <SettingsQuery query={query} what="The members">
          {({ data }) => (
            <ul className={classes.rows}>
              {data.map((member) => (
                <li key={member.id} className={classes.row}>
                  <div>
                    <div className={classes.rowName}>
                      {member.name}
                      {member.user_id === user.id && <span className={classes.quiet}> · you</span>}
                    </div>
                    <div className={classes.quiet}>{member.email}</div>
                  </div>
                  <div style={{ textAlign: 'right' }}>
                    <div>{ROLE_WORDS[member.role].name}</div>
                    <div className={classes.quiet}>{exceptions(member)}</div>
                  </div>
                  {mayWrite && (
                    <Button size="xs" aria-label={`Change ${member.name}`} onClick={() => setEditing(member)}>
                      Change
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </SettingsQuery>
      </Section>
      {mayWrite && <Invitations />}
      {editing && <MemberSheet member={editing} onClose={() => setEditing(null)} />}
    </>
  );
}

/** "2 rights more, 1 less" than the role has. */
function exceptions(member: Member): string {
  const more = member.rights_granted.length;
  const less = member.rights_withheld.length;
  return [more > 0 && `${more} ${more === 1 ? 'right' : 'rights'} more`, less > 0 && `${less} less`]
    .filter(Boolean)
    .join(', ');
}
