// Key figures above a report: three to six of its totals, links as in the table.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { withQuery } from '../router.js';
import { cell, NULL } from '../format.js';

function figureOf(answer, columns, id, className) {
  const column = columns.find((c) => c.id === id);
  const value = answer.total?.[id];
  if (!column) return nothing;
  if (value == null) return html`<span class="null ${className}">${NULL}</span>`;
  return html`<a class=${className} href=${withQuery({ drill: `total:${id}` })}>${cell(value, column.type)}</a>`;
}

function smaller(answer, columns, id) {
  const column = columns.find((c) => c.id === id);
  const value = answer.total?.[id];
  if (!column || value == null) return nothing;
  return html`<a href=${withQuery({ drill: `total:${id}` })}>${t(`small.${id}`) === `small.${id}` ? column.title.toLowerCase() : t(`small.${id}`)} ${cell(value, column.type)}</a>`;
}

export function keyFigures({ answer, columns, shape }) {
  const keys = shape.keys.filter((key) => columns.some((c) => c.id === key.big));
  if (!keys.length) return nothing;
  return html`<dl class="keys">${keys.map((key) => {
    const column = columns.find((c) => c.id === key.big);
    const [missed, back] = key.alarm || [];
    const open = key.alarm ? (answer.total?.[missed] ?? 0) - (answer.total?.[back] ?? 0) : 0;
    return html`<div class="key"><dt>${column.title}</dt><dd>${figureOf(answer, columns, key.big, 'big')}<small>
      ${key.small.map((id, i) => html`${i ? ' · ' : ''}${smaller(answer, columns, id)}`)}
      ${open > 0 ? html` · <b class="bad">${t('unanswered', { n: open })}</b>` : nothing}</small></dd></div>`;
  })}</dl>`;
}
