import classes from './messages.module.css';

/** A message as its reader sees it, in a frame that runs nothing, loads nothing from elsewhere, and leads nowhere. */
export function MailFrame(props: { html: string; title: string }) {
  return <iframe className={classes.frame} sandbox="" srcDoc={props.html} title={props.title} />;
}
