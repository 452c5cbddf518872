import { Button } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import type { Home } from '../../../src/insights/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import classes from './home.module.css';

type Step = Home['first_steps'][number];

const STEPS: Record<Step['name'], { words: string; why: string; action: string; to: string }> = {
  contact: {
    words: 'Add a contact',
    why: 'Somebody whom you work for: a name is enough.',
    action: 'Add contact',
    to: '/w/$workspaceId/contacts',
  },
  card: {
    words: 'Save a card',
    why: 'On the contact’s page, through the gateway’s own form. The sandbox has test cards.',
    action: 'Choose contact',
    to: '/w/$workspaceId/contacts',
  },
  charge: {
    words: 'Charge it',
    why: 'An amount, a confirmation, and the transaction is here.',
    action: 'Choose contact',
    to: '/w/$workspaceId/contacts',
  },
  import: {
    words: 'Bring what you have',
    why: 'Contacts and past payments from a CSV file; undone in one step if it was wrong.',
    action: 'Import',
    to: '/w/$workspaceId/imports',
  },
  business_details: {
    words: 'Complete your business details',
    why: 'Name, address and tax id stand on every receipt.',
    action: 'Open settings',
    to: '/w/$workspaceId/settings',
  },
};

/** What a new workspace is missing, in the order that works. Gone when everything is done. */
export function FirstSteps({ steps }: { steps: readonly Step[] }) {
  const { workspace } = useWorkspace();
  return (
    <ol className={classes.steps}>
      {steps.map(({ name, done }) => {
        const step = STEPS[name];
        return (
          <li key={name} className={classes.step} data-done={done || undefined}>
            <span className={classes.stepMark}>
              {done ? (
                <IconCircleCheckFilled size={20} aria-label="Done:" />
              ) : (
                <IconCircle size={20} stroke={1.4} aria-label="To do:" />
              )}
            </span>
            <div>
              <div className={classes.stepName}>{step.words}</div>
              {!done && <div className={classes.quiet}>{step.why}</div>}
            </div>
            {!done && (
              <Button
                size="xs"
                component={AddressLink}
                address={{ to: step.to, params: { workspaceId: workspace.id } }}
              >
                {step.action}
              </Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}
