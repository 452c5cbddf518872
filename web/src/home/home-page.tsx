import { Page, PageHeader } from '../ui/page-header.tsx';
import { EmptyState } from '../ui/states.tsx';

export function HomePage() {
  return (
    <Page>
      <PageHeader title="Home" />
      <EmptyState title="Nothing needs your attention">
        Takings of today and charges that failed are listed here.
      </EmptyState>
    </Page>
  );
}
