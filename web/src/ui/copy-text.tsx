import { VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './small.module.css';

/** How long the tick stands in for the copy sign. */
const COPIED_MS = 1_500;

/** A raw id or link that is copied by a click. `shown` may be shorter than what is copied. */
export function CopyText(props: { text: string; shown?: string; label: string }) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    await copyToClipboard(props.text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  }
  return (
    <button type="button" className={classes.copy} onClick={() => void copy()} title={props.text}>
      <VisuallyHidden>Copy {props.label} </VisuallyHidden>
      <span className={classes.copyMono}>{props.shown ?? props.text}</span>
      <span className={classes.copyIcon} aria-hidden>
        {isCopied ? <IconCheck size={14} stroke={1.8} /> : <IconCopy size={14} stroke={1.6} />}
      </span>
    </button>
  );
}

/** Also works over plain HTTP inside a network, where browsers hide the clipboard from pages. */
export async function copyToClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
