// A report as a real table: grouped heads with definitions, every figure a
// link to its rows, the total below. Cards at phone width come from the markup.
import { html, nothing } from '../html.js';
import { t } from '../i18n.js';
import { address, go, withQuery } from '../router.js';
import { cell, isFigure, NULL } from '../format.js';
import { ariaSort, nextSort } from './sorting.js';
import { stageName } from '../state.js';
import { word } from '../i18n.js';

const PAGE = 100;

const groupOf = (shape, id) => Object.keys(shape.groups).find((g) => shape.groups[g].includes(id));
// A rule to the left of the first column of a group.
const begins = (shape, columns, i) => {
  const group = groupOf(shape, columns[i].id);
  return i > 0 && group !== groupOf(shape, columns[i - 1].id) && (group || groupOf(shape, columns[i - 1].id));
};
const headText = (shape, column) => (shape.short.includes(column.id) ? t(`short.${column.id}`) : column.title);

// In a card the head of a group stands for its first column.
const cardLabel = (shape, columns, i) => (begins(shape, columns, i) && groupOf(shape, columns[i].id) ? t(`group.${groupOf(shape, columns[i].id)}`) : headText(shape, columns[i]));

function definition(column, credit) {
  return html`<button type="button" class="why" popovertarget="def-${column.id}" aria-label=${t('def.of', { title: column.title })}>?</button>
    <div popover id="def-${column.id}"><h3>${column.title}</h3><p>${column.definition}</p>${column.formula ? html`<code class="formula">${column.formula}</code>` : nothing}${credit ? html`<p class="sec">${credit}</p>` : nothing}</div>`;
}

function head(column, { shape, columns, i, rowspan, credit }) {
  const figure = isFigure(column);
  return html`<th scope="col" rowspan=${rowspan || nothing} class="${figure ? 'num' : ''} ${i === 0 ? 'name' : ''} ${begins(shape, columns, i) ? 'g' : ''}" aria-sort=${ariaSort(column) ?? nothing}>
    <button type="button" class="sort" title=${column.title} @click=${() => go(nextSort(column), { replace: true })}>${headText(shape, column)}</button>${column.definition ? definition(column, credit) : nothing}</th>`;
}

function heads(context) {
  const { shape, columns } = context;
  if (!Object.keys(shape.groups).length) return html`<tr>${columns.map((c, i) => head(c, { ...context, i }))}</tr>`;
  const upper = [];
  const lower = [];
  columns.forEach((column, i) => {
    const group = groupOf(shape, column.id);
    if (!group) upper.push(head(column, { ...context, i, rowspan: 2 }));
    else {
      if (groupOf(shape, columns[i - 1]?.id) !== group) {
        let span = 1;
        while (groupOf(shape, columns[i + span]?.id) === group) ++span;
        upper.push(html`<th scope="colgroup" colspan=${span} class="g">${t(`group.${group}`)}</th>`);
      }
      lower.push(head(column, { ...context, i }));
    }
  });
  return html`<tr class="grp">${upper}</tr><tr>${lower}</tr>`;
}

// What a code in a cell is called: reasons, directions and the like.
const GROUPS = ['reason', 'direction', 'outcome', 'quality', 'kind', 'call_type', 'cause'];
function named(value, column, cells) {
  if (column.type !== 'text' || value == null) return null;
  if (value === 'answered' && cells.direction) return t(`outcome.answered.${cells.direction}`);
  if (column.id === 'stage' || column.id === 'lead_stage') return stageName(value);
  for (const group of GROUPS) {
    const found = word(group, value);
    if (found !== value) return found;
  }
  return value;
}

export function delta(now, then, column, shape) {
  if (then == null || now == null || now === then) return nothing;
  const difference = now - then;
  const better = shape.better[column.id];
  const tone = better ? (difference * better > 0 ? 'good' : 'bad') : '';
  const text = cell(Math.abs(difference), column.type === 'money' ? 'integer' : column.type);
  return html`<span class="delta ${tone}">${difference > 0 ? '+' : '−'}${text}</span>`;
}

function figure(row, column, context) {
  const { shape, compared, name } = context;
  const value = row.cells[column.id];
  if (value == null) return html`<span class="null">${NULL}</span>`;
  if (shape.plain.includes(column.id)) return cell(value, column.type);
  const drill = `${row.key}:${column.id}`;
  const isOpen = address().query.drill === drill;
  const isAlarm = shape.alarm[column.id]?.(row.cells);
  const parts = row.parts?.[column.id];
  const title = parts ? t('n.of', { n: cell(parts[0], 'integer'), of: cell(parts[1], 'integer') }) : nothing;
  // What was not there was counted as none; an average of nothing is not known.
  const then = compared ? compared.get(row.key)?.[column.id] ?? (column.type === 'integer' ? 0 : null) : null;
  return html`<a class="fig ${value === 0 ? 'zero' : ''} ${isAlarm ? 'alarm' : ''} ${isOpen ? 'open' : ''}" href=${withQuery({ drill })} title=${title} data-drill=${drill} data-value=${value}
    aria-label="${name}, ${column.title}: ${cell(value, column.type, row.cells.currency)}" aria-current=${isOpen ? 'true' : nothing}>${cell(value, column.type, row.cells.currency)}${compared ? delta(value, then, column, shape) : nothing}</a>`;
}

function body(row, context) {
  const { columns, shape } = context;
  const first = columns[0];
  const name = row.key === '-' ? t('nobody') : named(row.cells[first.id], first, row.cells) ?? cell(row.cells[first.id], first.type);
  const card = (column) => groupOf(shape, column.id) || 'x';
  return html`<tr class=${row.key === '-' ? 'na' : ''} data-key=${row.key}>
    <th scope="row" class="name">${isFigure(first) ? figure(row, first, { ...context, name }) : name}</th>
    ${columns.slice(1).map((column, i) => isFigure(column)
      ? html`<td class="num k-${card(column)} ${begins(shape, columns, i + 1) ? 'g' : ''}" data-l=${cardLabel(shape, columns, i + 1)}>${figure(row, column, { ...context, name })}</td>`
      : html`<td class="k-${card(column)} ${row.cells[column.id] == null ? 'null' : ''}" data-l=${cardLabel(shape, columns, i + 1)}>${named(row.cells[column.id], column, row.cells) ?? cell(row.cells[column.id], column.type)}</td>`)}</tr>`;
}

function total(answer, context) {
  const row = { key: 'total', cells: answer.total, parts: answer.total_parts };
  const { columns, shape } = context;
  const name = t('total');
  return html`<tfoot><tr data-key="total"><th scope="row" class="name">${name}</th>${columns.slice(1).map((column, i) => html`
    <td class="num k-${groupOf(shape, column.id) || 'x'} ${begins(shape, columns, i + 1) ? 'g' : ''}" data-l=${cardLabel(shape, columns, i + 1)}>${isFigure(column) && column.id in answer.total ? figure(row, column, { ...context, name }) : nothing}</td>`)}</tr></tfoot>`;
}

// rows: sorted; compared: Map key → cells of the period before, or null.
export function reportTable({ answer, rows, columns, shape, compared, credit }) {
  const context = { answer, columns, shape, compared, credit };
  const page = Number(address().query.page || 0);
  const pages = Math.ceil(rows.length / PAGE);
  return html`
    <div class="scroll"><table class="tbl rep ${compared ? 'cmp' : ''} ${columns.length > 8 && !Object.keys(shape.groups).length ? 'wide' : ''}">
      <caption class="vh">${answer.title}</caption>
      <thead>${heads(context)}</thead>
      <tbody>${rows.slice(page * PAGE, (page + 1) * PAGE).map((row) => body(row, context))}</tbody>
      ${answer.total && Object.keys(answer.total).length ? total(answer, context) : nothing}
    </table></div>
    ${pages > 1 ? html`<nav class="pages" aria-label=${t('pages')}>${page > 0 ? html`<a class="btn sm" href=${withQuery({ page: page - 1 || null })}>${t('page.before')}</a>` : nothing}<span class="n">${t('page.of', { n: page + 1, of: pages })}</span>${page < pages - 1 ? html`<a class="btn sm" href=${withQuery({ page: page + 1 })}>${t('page.after')}</a>` : nothing}</nav>` : nothing}`;
}
