// What waits for the CRM, and what was set aside: sent again or dropped.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { get, id as encoded, post } from '../api.js';
import { moment } from '../format.js';
import { blank, skeleton } from '../ui/blank.js';
import { attempt } from '../ui/toast.js';

export function view(redraw) {
  let rows = null;
  const load = async () => { rows = await get('/api/v1/outbox'); };
  const act = async (row, what) => {
    await attempt(async () => {
      await post(`/api/v1/outbox/${encoded(row.delivery)}/${what}`);
      await load();
    }, t(`delivery.${what}.done`));
    redraw();
  };
  const one = (row) => html`<li><span class="dot ${row.state === 'set_aside' ? 'bad' : 'warn'}"></span><span><b>${row.entity}</b> ${row.id}<span class="sub2">${t('delivery.tried', { n: row.attempts ?? 0 })}${row.next_at ? ` · ${t('delivery.next')} ${moment(row.next_at)}` : ''}</span>${row.error ? html`<span class="sub2 bad-text">${row.error}</span>` : nothing}</span>
    <span class="map"><button class="btn sm" @click=${() => act(row, 'retry')}>${t('delivery.retry')}</button><button class="btn bare sm danger" @click=${() => act(row, 'drop')}>${t('delivery.drop')}</button></span></li>`;
  return {
    load,
    draw: () => (!rows ? html`<section class="box">${skeleton(3)}</section>` : html`<section class="box" aria-labelledby="s5"><header><h2 id="s5">${t('set.deliveries')}</h2><span class="n">${rows.length}</span></header>${rows.length ? html`<ul class="rows">${rows.map(one)}</ul>` : blank(t('delivery.none'), t('delivery.none.why'))}</section>`),
  };
}
