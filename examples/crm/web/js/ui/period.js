// The period: names for the usual ones, two dates for the rest.
import { html } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { isoDay, period } from '../format.js';
import { address, set, withQuery } from '../router.js';

const DAY = 86400000;
const shift = (day, days) => new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY).toISOString().slice(0, 10);
const monthOf = (day, months) => {
  const [year, month] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(year, month + months, 0));
  return [first, last].map((d) => d.toISOString().slice(0, 10));
};

// The usual ones, by today in the report's zone.
export function periods(today = isoDay(new Date())) {
  const monday = shift(today, -((new Date(`${today}T12:00:00Z`).getUTCDay() + 6) % 7));
  return { today: [today, today], yesterday: [shift(today, -1), shift(today, -1)], week: [monday, today], last7: [shift(today, -6), today], last30: [shift(today, -29), today], month: monthOf(today, 0).map((d, i) => (i ? today : d)), lastmonth: monthOf(today, -1), year: [shift(today, -364), today] };
}

// What the address says, or `fallback`'s days.
export function chosen(fallback = 'last7') {
  const { from, to } = address().query;
  if (from || to) return { from: from || to, to: to || from };
  const [a, b] = periods()[fallback];
  return { from: a, to: b };
}

function apply(event) {
  event.preventDefault();
  const data = new FormData(event.target);
  event.target.closest('[popover]').hidePopover();
  set({ from: data.get('from'), to: data.get('to') });
}

export function periodFilter(fallback = 'last7', title = t('period')) {
  const now = chosen(fallback);
  return html`
    <button type="button" class="flt set" popovertarget="f-period" data-filter="period"><span>${title}</span><b>${period(now.from, now.to)}</b>${icon('chev')}</button>
    <div popover id="f-period" class="menu">
      ${Object.entries(periods()).map(([name, [from, to]]) => html`<a href=${withQuery({ from, to, drill: null })} @click=${(e) => e.target.closest('[popover]').hidePopover()}>${t(`period.${name}`)}</a>`)}
      <hr>
      <form class="two-dates" @submit=${apply}>
        <label class="sec">${t('period.from')}<input class="inp" type="date" name="from" required .value=${now.from}></label>
        <label class="sec">${t('period.to')}<input class="inp" type="date" name="to" required .value=${now.to}></label>
        <button class="btn">${t('period.show')}</button>
      </form>
    </div>`;
}
