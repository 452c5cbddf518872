import type { ReactNode } from 'react';
import classes from './page.module.css';
import { usePageTitle } from './page-title.ts';

/**
 * Top of every page: its name (also in the tab and the breadcrumbs), what qualifies it, and at most one primary
 * action. `title` undefined while it loads keeps the height, so that nothing jumps.
 */
export function PageHeader(props: {
  title: string | undefined;
  /** Beside the title: a status, tags. */
  beside?: ReactNode;
  /** Below the title, quieter: company, owner, a sentence. */
  subtitle?: ReactNode;
  /** The primary action last; quieter ones before it. */
  actions?: ReactNode;
}) {
  usePageTitle(props.title);
  return (
    <header className={classes.header}>
      <div className={classes.headings}>
        <div className={classes.titleLine}>
          <h1 className={classes.title} aria-label={props.title === undefined ? 'Loading' : undefined}>
            {props.title ?? <span className={classes.titleWaiting} aria-hidden />}
          </h1>
          {props.beside}
        </div>
        {props.subtitle !== undefined && <div className={classes.subtitle}>{props.subtitle}</div>}
      </div>
      {props.actions && <div className={classes.actions}>{props.actions}</div>}
    </header>
  );
}

/** A page's column: full width for tables and records, `narrow` (720 px) for forms and settings. */
export function Page(props: { children: ReactNode; width?: 'full' | 'narrow' }) {
  return (
    <div className={classes.page} data-width={props.width ?? 'full'}>
      {props.children}
    </div>
  );
}

/** A titled part of a page. Parts are set apart by space and a line, not by boxes. */
export function Section(props: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <div>
          <h2 className={classes.sectionTitle}>{props.title}</h2>
          {props.note !== undefined && <p className={classes.sectionNote}>{props.note}</p>}
        </div>
        {props.actions && <div className={classes.actions}>{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}
