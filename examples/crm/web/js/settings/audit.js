// Who did what.
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { get } from '../api.js';
import { shortDay, time } from '../format.js';
import { blank, skeleton } from '../ui/blank.js';

export function view() {
  let rows = null;
  return {
    load: async () => { rows = (await get('/crm/audit')).rows; },
    draw: () => (!rows ? html`<section class="box">${skeleton(6)}</section>` : html`<section class="box" aria-labelledby="s6"><header><h2 id="s6">${t('set.audit')}</h2></header>${rows.length ? html`<ul class="rows log">${rows.map((row) => {
      const at = new Date(row.at_s * 1000).toISOString();
      return html`<li><span class="mut nb">${shortDay(at)} ${time(at)}</span><span><b>${row.login}</b> ${word('audit', row.action)}</span><span class="sec detail">${row.detail}</span></li>`;
    })}</ul>` : blank(t('audit.none'), '')}</section>`),
  };
}
