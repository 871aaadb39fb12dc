// The bar of a report: its own filters and options, as it describes them.
import { html, nothing } from '../html.js';
import { t, word } from '../i18n.js';
import { choice, flag, manyFilter, moreButton, oneFilter, typed } from '../ui/filters.js';
import { periodFilter } from '../ui/period.js';
import { columnChooser } from './columns.js';
import { HOURS, hoursFilter } from './hours.js';

// Choices so rare that they wait in the menu.
const RARE = ['minutes', 'ivr_only', 'sl_variant', 'date_by', 'manager_by', 'time_group'];
const WORDED = { direction: 'direction', status: 'outcome', quality: 'quality', finish_reason: 'reason', call_type: 'call_type', type: 'kind', credit: 'credit' };

function titled(id, values) {
  return values.map((v) => (typeof v === 'string' ? { id: v, title: optionWord(id, v) } : { id: v.id, title: v.title === v.id ? word(WORDED[id] || id, v.id) : v.title }));
}
const optionWord = (id, value) => {
  const own = word(`opt.${id}`, value);
  return own !== value ? own : word(WORDED[id] || id, value);
};

export function reportBar(report, columns) {
  const chosenFilters = report.filters.filter((f) => f.values?.length && f.values.length < 200);
  const typedFilters = report.filters.filter((f) => !f.values?.length);
  const enums = report.options.filter((o) => o.type === 'enum' && !RARE.includes(o.id));
  const rare = report.options.filter((o) => o.type === 'enum' && RARE.includes(o.id));
  const flags = report.options.filter((o) => o.type === 'bool');
  const numbers = report.options.filter((o) => o.type !== 'enum' && o.type !== 'bool' && !HOURS.includes(o.id));
  return html`
    <form class="bar" aria-label=${t('filters')} @submit=${(e) => e.preventDefault()}>
      ${periodFilter('last30')}
      ${hoursFilter(report)}
      ${chosenFilters.map((f) => manyFilter({ name: f.id, title: f.title, values: titled(f.id, f.values), nobody: ['manager', 'employee', 'responsible', 'assignee'].includes(f.id) }))}
      ${enums.map((o) => oneFilter({ name: o.id, title: o.title, values: titled(o.id, o.values), fallback: o.default }))}
      ${report.kind === 'list' ? nothing : oneFilter({ name: 'compare', title: t('compare'), fallback: 'none', values: [{ id: 'none', title: t('compare.none') }, { id: 'before', title: t('compare.before') }] })}
      ${typedFilters.length || numbers.length || rare.length ? html`
        <button type="button" class="btn bare hide-m" popovertarget="more-filters">${t('filters.other')}</button>
        <div popover id="more-filters" class="menu other">${rare.map((o) => choice({ name: o.id, title: o.title, values: titled(o.id, o.values), fallback: o.default }))}${typedFilters.map((f) => typed({ name: f.id, title: f.title }))}${numbers.map((o) => typed({ name: o.id, title: o.title, fallback: o.default ?? '', type: o.type === 'number' ? 'number' : 'text' }))}</div>` : nothing}
      ${moreButton()}
    </form>
    <div class="bar opts-bar"><div class="opts">${flags.map((o) => flag({ name: o.id, title: o.title }))}</div><span class="gap"></span>${columnChooser(report.id, columns)}</div>`;
}
