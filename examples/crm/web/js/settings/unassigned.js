// Extensions that belong to nobody, by their calls; an admin maps them.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { get, id as encoded, post, query } from '../api.js';
import { isoDay, moment, phone } from '../format.js';
import { readDirectory, state } from '../state.js';
import { blank, skeleton } from '../ui/blank.js';
import { attempt, toast } from '../ui/toast.js';
import { chosen } from '../ui/period.js';

export function view(redraw) {
  let groups = null;
  let others = 0;

  async function load() {
    const page = await get(`/api/v1/calls?${query({ ...chosen('last30'), where: 'employee is null and extension is not null', limit: 1000 })}`);
    const rest = await get(`/api/v1/calls?${query({ ...chosen('last30'), where: 'employee is null and extension is null', limit: 1000 })}`);
    others = rest.next ? '1000+' : rest.rows.length;
    const byNumber = new Map();
    for (const call of page.rows) {
      const key = `${call.source} ${call.extension}`;
      if (!byNumber.has(key)) byNumber.set(key, { source: call.source, number: call.extension, calls: [] });
      byNumber.get(key).calls.push(call);
    }
    groups = [...byNumber.values()].sort((a, b) => b.calls.length - a.calls.length);
  }
  async function map(event, group) {
    event.preventDefault();
    const data = new FormData(event.target);
    const from = data.get('from');
    const done = await attempt(() => post('/crm/extensions', { employee: data.get('employee'), source: group.source, number: group.number, from: from ? `${from}T00:00:00Z` : '' }));
    if (!done) return;
    toast(t('unassigned.done', { number: group.number }));
    await readDirectory();
    await load();
    redraw();
  }
  const row = (group) => {
    const first = group.calls.at(-1);
    return html`<li><span class="big2">${group.number}</span><span><b>${t('calls.n', { n: group.calls.length })}</b> ${t('unassigned.from')}<span class="sub2">${group.source} · <a href="/calls?open=${encoded(first.id)}">${moment(first.started_at)}</a>, ${phone(first.client_number)}</span></span>
      <form class="map" @submit=${(e) => map(e, group)}><select class="inp" name="employee" required aria-label=${t('rec.employee')}><option value="">${t('choose')}</option>${state.directory.employees.map((e) => html`<option value=${e.id}>${e.name}</option>`)}</select><label class="sec">${t('period.from')} <input class="inp" type="date" name="from" .value=${isoDay(first.started_at)}></label><button class="btn pri">${t('unassigned.do')}</button></form></li>`;
  };
  return {
    load,
    draw: () => (!groups ? html`<section class="box">${skeleton(3)}</section>` : html`<section class="box" aria-labelledby="s4"><header><h2 id="s4">${t('set.unassigned')}</h2><span class="n">${groups.length}</span></header>
      ${groups.length ? html`<ul class="rows">${groups.map(row)}</ul>` : blank(t('unassigned.none'), t('unassigned.none.why'))}
      ${others ? html`<p class="pad sec">${t('unassigned.others', { n: others })}</p>` : nothing}</section>`),
  };
}
