// Keys that work everywhere: / search, ? the list of keys, Esc the topmost thing.
// Single letters work outside fields alone, and not at all when switched off.
import { html, render } from './html.js';
import { t } from './i18n.js';
import { remember, remembered } from './state.js';

export const inField = (event) => event.target.closest?.('input, textarea, select, [contenteditable]') != null;
export const lettersOn = () => remembered('letters', true);

const KEYS = [['/', 'keys.search'], ['?', 'keys.list'], ['Esc', 'keys.esc'], ['← ↑ → ↓', 'keys.table'], ['Enter', 'keys.enter'], ['T', 'keys.tag'], ['Space', 'keys.play'], ['← →', 'keys.seek']];

function list() {
  let dialog = document.getElementById('keys');
  if (!dialog) {
    dialog = document.createElement('dialog');
    dialog.id = 'keys';
    document.body.append(dialog);
  }
  render(html`<h2>${t('keys.title')}</h2>
    <dl class="keys-list">${KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${t(what)}</dd>`)}</dl>
    <label class="opt"><input type="checkbox" .checked=${lettersOn()} @change=${(e) => remember('letters', e.target.checked)}>${t('keys.letters')}</label>
    <form method="dialog"><button class="btn">${t('close')}</button></form>`, dialog);
  dialog.showModal();
}

export function startKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.querySelector('.panel')) {
      document.querySelector('.panel .close')?.click();
      return;
    }
    if (inField(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      document.getElementById('search')?.focus();
    }
    if (event.key === '?' && lettersOn()) list();
  });
}
