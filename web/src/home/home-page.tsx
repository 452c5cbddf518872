import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { home } from '../../../src/insights/api.ts';
import { ApiProblem, describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ExpiringCardRows } from '../cards/expiring-card-rows.tsx';
import { AddressLink } from '../ui/address-link.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { calendarDate } from '../ui/relative-date.ts';
import { ErrorState, SkeletonFigures, SkeletonLines } from '../ui/states.tsx';
import { useSwitch, useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { FirstSteps } from './first-steps.tsx';
import classes from './home.module.css';
import { PaymentRows } from './payment-rows.tsx';
import { SampleBusiness } from './sample-business.tsx';
import { Takings } from './takings.tsx';

/** Takings are looked at again this often while the page is open. */
const REFRESH_MS = 60_000;

/** What came in, and what needs somebody. A new workspace is told where to begin instead. */
export function HomePage() {
  const { api, workspace } = useWorkspace();
  const { locale } = useReader();
  const isOn = useSwitch('payments_and_ltv');
  const query = useQuery({
    queryKey: [workspace.id, 'home'],
    queryFn: ({ signal }) => api.get('/v1/home', home, { signal }),
    refetchInterval: REFRESH_MS,
    enabled: isOn === true,
  });
  const today = query.data?.today;
  const isOff = isOn === false || (query.error instanceof ApiProblem && query.error.code === 'feature_off');

  return (
    <Page>
      <PageHeader title="Home" subtitle={today && calendarDate(today, locale)} />
      {isOff ? (
        <OffHome />
      ) : query.data ? (
        <HomeOf home={query.data} />
      ) : query.isError ? (
        <ErrorState
          title="Home could not be loaded"
          message={describeError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <>
          <SkeletonFigures />
          <SkeletonLines lines={4} width="480px" />
        </>
      )}
    </Page>
  );
}

function HomeOf({ home: facts }: { home: ReturnType<typeof home.parse> }) {
  const { workspace } = useWorkspace();
  const isNew = facts.recent.length === 0;
  const openSteps = facts.first_steps.filter((step) => !step.done);
  const hasMoreAttention = facts.attention_count > facts.attention.length;
  const params = { workspaceId: workspace.id };
  const own = useWorkspaceFacts()?.currency;
  const firstSteps = openSteps.length > 0 && !facts.sample_present && (
    <Section title={isNew ? 'Begin here' : 'Still to do'}>
      <FirstSteps steps={isNew ? facts.first_steps : openSteps} />
    </Section>
  );
  return (
    <>
      <SampleBusiness isOffered={isNew && !facts.has_contacts} />
      {isNew && facts.to_invoice_count > 0 && (
        <Section title="Needs attention">
          <ToInvoiceLine count={facts.to_invoice_count} />
        </Section>
      )}
      {isNew && firstSteps}
      {!isNew && <Takings takings={facts.takings} own={own} />}
      {!isNew && (
        <div className={classes.columns}>
          <Section
            title={facts.attention_count === 0 ? 'Needs attention' : `Needs attention · ${facts.attention_count}`}
            actions={
              hasMoreAttention && (
                <Button
                  size="xs"
                  variant="subtle"
                  component={AddressLink}
                  address={{ to: '/w/$workspaceId/payments/transactions', params, search: { needs_action: true } }}
                >
                  All {facts.attention_count}
                </Button>
              )
            }
          >
            <ToInvoiceLine count={facts.to_invoice_count} />
            {facts.attention.length === 0 ? (
              <p className={classes.quiet}>Nothing: no charge failed without somebody having dealt with it.</p>
            ) : (
              <PaymentRows payments={facts.attention} isAboutAction />
            )}
          </Section>
          <Section
            title="Latest"
            actions={
              <Button
                size="xs"
                variant="subtle"
                component={AddressLink}
                address={{ to: '/w/$workspaceId/payments/transactions', params }}
              >
                All transactions
              </Button>
            }
          >
            <PaymentRows payments={facts.recent} />
          </Section>
        </div>
      )}
      {facts.expiring_cards.length > 0 && (
        <Section
          title="Cards about to expire"
          actions={
            <Button
              size="xs"
              variant="subtle"
              component={AddressLink}
              address={{ to: '/w/$workspaceId/payments/expiring-cards', params }}
            >
              All expiring cards
            </Button>
          }
        >
          <ExpiringCardRows cards={facts.expiring_cards} />
        </Section>
      )}
      {!isNew && firstSteps}
    </>
  );
}

/** Work that nobody was billed for; nothing where there is none. */
function ToInvoiceLine({ count }: { count: number }) {
  const { workspace } = useWorkspace();
  if (count === 0) return null;
  const words = count === 1 ? '1 appointment or deal is' : `${count} appointments and deals are`;
  return (
    <AddressLink
      className={classes.row}
      address={{ to: '/w/$workspaceId/payments/to-invoice', params: { workspaceId: workspace.id } }}
    >
      <span className={classes.name}>{words} done and not invoiced</span>
      <span className={classes.quiet}>To invoice</span>
    </AddressLink>
  );
}

/** Without payments there are people still. */
function OffHome() {
  const { workspace } = useWorkspace();
  return (
    <Section title="Payments are switched off" note="Contacts, notes and companies work as always.">
      <div>
        <Button
          component={AddressLink}
          address={{ to: '/w/$workspaceId/contacts', params: { workspaceId: workspace.id } }}
        >
          Open contacts
        </Button>
      </div>
    </Section>
  );
}
