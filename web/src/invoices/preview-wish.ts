import { useState, useSyncExternalStore } from 'react';

const WISH = 'counterfoil-draft-preview';
/** From this width on the page beside the editor can be read. */
const WIDE = window.matchMedia('(min-width: 1200px)');

function onWidth(changed: () => void): () => void {
  WIDE.addEventListener('change', changed);
  return () => WIDE.removeEventListener('change', changed);
}

/**
 * Whether the preview stands beside the editor: where there is room and the browser shows PDFs in a page, and this person
 * opened it; remembered in this browser.
 */
export function usePreviewWish(): { canBeside: boolean; isBeside: boolean; toggle: () => void } {
  const isWide = useSyncExternalStore(onWidth, () => WIDE.matches);
  const [isWished, setWished] = useState(readWish);
  const canBeside = isWide && navigator.pdfViewerEnabled;
  return {
    canBeside,
    isBeside: canBeside && isWished,
    toggle: () => {
      setWished(!isWished);
      try {
        localStorage.setItem(WISH, isWished ? 'no' : 'yes');
      } catch {
        // A browser that keeps nothing forgets this too.
      }
    },
  };
}

function readWish(): boolean {
  try {
    return localStorage.getItem(WISH) === 'yes';
  } catch {
    return false;
  }
}
