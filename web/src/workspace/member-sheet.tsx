import { Button, Checkbox, Radio } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Member, member as memberSchema } from '../../../src/workspace/api.ts';
import { RIGHTS, RIGHTS_OF_ROLE, type Right, ROLES, type Role } from '../../../src/workspace/caller.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { SideSheet } from '../ui/side-sheet.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import { RIGHT_WORDS, ROLE_WORDS } from './rights.ts';
import classes from './settings.module.css';

/** One member's role and rights. Rights beyond the role are granted, rights of the role can be withheld. */
export function MemberSheet({ member, onClose }: { member: Member; onClose: () => void }) {
  const { api, workspace, user } = useWorkspace();
  const queryClient = useQueryClient();
  const [role, setRole] = useState<Role>(member.role);
  const [rights, setRights] = useState<ReadonlySet<Right>>(new Set(member.rights));
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const ofRole = new Set(RIGHTS_OF_ROLE[role]);

  async function save() {
    setSaving(true);
    setFailure(null);
    try {
      const change = {
        role,
        rights_granted: RIGHTS.filter((right) => rights.has(right) && !ofRole.has(right)),
        rights_withheld: RIGHTS.filter((right) => !rights.has(right) && ofRole.has(right)),
      };
      await api.patch(`/v1/members/${member.id}`, change, memberSchema);
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
      toastDone(`${member.name} is ${ROLE_WORDS[role].name.toLowerCase()} now`);
      onClose();
    } catch (error) {
      setFailure(describeError(error));
      setSaving(false);
    }
  }

  return (
    <SideSheet
      isOpen
      onClose={onClose}
      isBusy={isSaving}
      title={member.name}
      footer={
        <>
          {member.user_id !== user.id && (
            <Button color="red" variant="subtle" onClick={() => setRemoving(true)}>
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" loading={isSaving} onClick={() => void save()}>
            Save
          </Button>
        </>
      }
    >
      <Radio.Group
        label="Role"
        value={role}
        onChange={(next) => {
          setRole(next as Role);
          setRights(new Set(RIGHTS_OF_ROLE[next as Role]));
        }}
      >
        <div className={classes.rights} style={{ marginTop: 8 }}>
          {ROLES.map((one) => (
            <Radio
              key={one}
              size="xs"
              value={one}
              label={ROLE_WORDS[one].name}
              description={ROLE_WORDS[one].what}
              data-autofocus={one === role || undefined}
            />
          ))}
        </div>
      </Radio.Group>
      <fieldset className={classes.rights}>
        <legend className={classes.rowName} style={{ fontSize: 13, marginBottom: 8, padding: 0 }}>
          Rights
        </legend>
        {RIGHTS.map((right) => (
          <div key={right} className={classes.right}>
            <Checkbox
              label={RIGHT_WORDS[right]}
              checked={rights.has(right)}
              onChange={(event) => {
                const next = new Set(rights);
                if (event.currentTarget.checked) next.add(right);
                else next.delete(right);
                setRights(next);
              }}
            />
            {rights.has(right) !== ofRole.has(right) && (
              <span className={classes.quiet}>{rights.has(right) ? 'granted' : 'withheld'}</span>
            )}
          </div>
        ))}
      </fieldset>
      {failure && <Notice tone="red">{failure}</Notice>}
      <ConfirmDialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        title={`Remove ${member.name}?`}
        confirm="Remove member"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          await api.remove(`/v1/members/${member.id}`);
          await queryClient.invalidateQueries({ queryKey: [workspace.id] });
          toastDone(`${member.name} can no longer open this workspace`);
          onClose();
        }}
      >
        They lose access at once, on every device. What they did stays recorded under their name; an invitation brings
        them back.
      </ConfirmDialog>
    </SideSheet>
  );
}
