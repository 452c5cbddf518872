import type { ReactNode } from 'react';
import classes from './calm-page.module.css';
import { usePageTitle } from './page-title.ts';

/** A page outside any workspace: one thing to do, in the middle, nothing around it. */
export function CalmPage(props: { title: string; intro?: ReactNode; children?: ReactNode; foot?: ReactNode }) {
  usePageTitle(props.title);
  return (
    <main className={classes.page} id="page">
      <div className={classes.column}>
        <div className={classes.mark}>
          <Counterfoil />
          <span>Counterfoil</span>
        </div>
        <h1 className={classes.title}>{props.title}</h1>
        {props.intro !== undefined && <p className={classes.intro}>{props.intro}</p>}
        {props.children}
        {props.foot !== undefined && <p className={classes.foot}>{props.foot}</p>}
      </div>
    </main>
  );
}

/** The sign of the product: a slip with its stub. */
function Counterfoil() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <path
        d="M4 4.500A1.500 1.500 0 0 1 5.500 3H15v18l-2.200-1.600L10.600 21l-2.200-1.600L6.200 21 4 19.400z"
        fill="var(--cf-accent)"
      />
      <path
        d="M17.500 3h1A1.500 1.500 0 0 1 20 4.500v15a1.500 1.500 0 0 1-1.500 1.500h-1z"
        fill="var(--cf-accent)"
        opacity=".45"
      />
      <path d="M7 8.500h5M7 12.500h5" stroke="var(--cf-page)" strokeWidth="1.600" strokeLinecap="round" />
    </svg>
  );
}
