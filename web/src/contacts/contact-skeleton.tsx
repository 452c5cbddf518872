import { Skeleton } from '@mantine/core';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { SkeletonLines } from '../ui/states.tsx';
import classes from './contact-page.module.css';

const PANELS = ['value', 'owed', 'card'];

/** A contact's page before its one request is answered: the same shape, so that nothing jumps. */
export function ContactSkeleton() {
  return (
    <Page>
      <PageHeader title={undefined} subtitle={<Skeleton height={12} width={240} mt={4} />} />
      <div className={classes.tags} aria-hidden>
        <Skeleton height={22} width={56} />
        <Skeleton height={22} width={72} />
      </div>
      <div className={classes.panels} role="status" aria-label="Loading the contact">
        {PANELS.map((panel) => (
          <div key={panel} className={classes.panel} aria-hidden>
            <Skeleton height={12} width={88} />
            <Skeleton height={24} width={144} mt={4} />
            <Skeleton height={12} width="60%" />
            <Skeleton height={12} width="80%" mt={16} />
          </div>
        ))}
      </div>
      <SkeletonLines lines={6} width="640px" />
    </Page>
  );
}
