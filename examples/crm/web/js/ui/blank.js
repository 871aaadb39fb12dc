// Empty, loading and failed: says why and offers the way out.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { icon } from '../icons.js';

export const blank = (title, text, acts = nothing) => html`
  <div class="blank">
    <svg class="art" viewBox="0 0 72 48" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true"><rect x="6" y="8" width="60" height="34" rx="5"/><path d="M6 18h60M16 27h22M16 34h14"/></svg>
    <h2>${title}</h2><p>${text}</p><div class="acts">${acts}</div>
  </div>`;

export function blankOf(failed, retry) {
  const kind = failed.status === 403 ? 'right' : failed.status === 404 ? 'missing' : 'error';
  return html`<div class="blank" role="alert">${icon('warn')}<h2>${t(`blank.${kind}`)}</h2><p>${failed.message}</p>
    <div class="acts">${retry ? html`<button class="btn" @click=${retry}>${t('again')}</button>` : nothing}</div></div>`;
}

// The shape of what comes: rows of a table.
export const skeleton = (rows = 6) => html`<div class="sk-rows" aria-busy="true" aria-label=${t('loading')}>
  ${Array.from({ length: rows }, (_, i) => html`<div class="sk-row"><span class="sk" .style=${`width:${18 + ((i * 7) % 12)}%`}></span><span class="sk" .style=${`width:${30 + ((i * 11) % 25)}%`}></span><span class="sk" .style=${'width:12%'}></span></div>`)}
</div>`;
