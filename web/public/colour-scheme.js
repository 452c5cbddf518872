// Same key and attribute as web/src/ui/theme.ts; kept tiny because it blocks the first paint.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('counterfoil-colour-scheme');
  } catch {
    // Storage can be forbidden; the system's choice is used then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
