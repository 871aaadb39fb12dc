// What was done, for 8 seconds, with a way back; it stays while it is looked at.
// What has to be read stays until it is closed.
import { html, nothing, render, repeat } from '../html.js';
import { t } from '../i18n.js';

const STAYS_MS = 8000;
let toasts = [];
let count = 0;

function draw() {
  const place = document.getElementById('toasts');
  if (!place) return;
  render(repeat(toasts, (x) => x.key, (x) => html`
    <div class="toast ${x.why ? 'told' : ''}" @mouseenter=${() => clearTimeout(x.timer)} @mouseleave=${() => leave(x)}>
      <span>${x.why ? html`<b>${x.text}</b>` : x.text}${x.why ? html`<span class="sub2">${x.why}</span>` : nothing}</span>${x.why ? html`<button class="link" @click=${() => drop(x)}>${t('close')}</button>` : nothing}${x.undo ? html`<button class="link" @click=${() => { drop(x); x.undo(); }}>${t('undo')}</button>` : nothing}
    </div>`), place);
}
function drop(x) {
  clearTimeout(x.timer);
  toasts = toasts.filter((other) => other !== x);
  draw();
}
const leave = (x) => { if (!x.why) x.timer = setTimeout(() => drop(x), STAYS_MS); };

export const toast = (text, undo = null) => add({ text, undo });
export const tell = (text, why) => add({ text, why });
function add(told) {
  const x = { key: ++count, ...told };
  toasts = [...toasts.slice(-2), x];
  leave(x);
  draw();
}
// Does it and tells of a failure instead.
export async function attempt(work, done, undo) {
  try {
    const value = await work();
    if (done) toast(done, undo);
    return value;
  } catch (failed) {
    toast(failed.message);
    return null;
  }
}
