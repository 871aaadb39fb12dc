// Which columns are shown: what the link says, else what the user chose last
// time, else all.
import { html } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { address, set } from '../router.js';
import { remember, remembered } from '../state.js';

export function shownColumns(report, columns) {
  const linked = address().query.columns;
  const chosen = linked ? linked.split(',') : remembered(`columns.${report}`, null);
  if (!chosen) return columns;
  const shown = columns.filter((c) => c.kind === 'dimension' || chosen.includes(c.id));
  return shown.length ? shown : columns;
}

function choose(report, columns, id, on) {
  const now = shownColumns(report, columns).filter((c) => c.kind !== 'dimension').map((c) => c.id);
  const next = columns.filter((c) => c.kind !== 'dimension' && (c.id === id ? on : now.includes(c.id))).map((c) => c.id);
  const isAll = next.length === columns.filter((c) => c.kind !== 'dimension').length;
  remember(`columns.${report}`, isAll ? null : next);
  set({ columns: isAll ? null : next.join(',') }, { replace: true });
}

export function columnChooser(report, columns) {
  const shown = shownColumns(report, columns);
  const of = columns.filter((c) => c.kind !== 'dimension');
  const count = shown.filter((c) => c.kind !== 'dimension').length;
  return html`
    <button type="button" class="btn bare sm" popovertarget="cols">${icon('cols')}${t('columns')}${count < of.length ? html` <span class="n">${t('n.of', { n: count, of: of.length })}</span>` : ''}</button>
    <div popover id="cols" class="menu left scrolls"><h3>${t('columns')}</h3>
      ${of.map((c) => html`<label class="opt"><input type="checkbox" .checked=${shown.includes(c)} @change=${(e) => choose(report, columns, c.id, e.target.checked)}>${c.title}</label>`)}</div>`;
}
