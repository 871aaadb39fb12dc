// <hookline-report>: one report within a vendor's own page.
//
//   <script type="module" src="https://crm.example/embed/hookline-report.js"></script>
//   <hookline-report report="calls-by-manager" from="2026-03-01" to="2026-03-31" token="…"></hookline-report>
//
// `token` is one of POST /crm/token (the server allows the page's origin by
// --allow-origin); without it the session's cookie counts, on our own pages
// alone. `language` (ru, en), `columns` (ids with commas), `where`, and
// `option-NAME` for the report's options and filters are taken too. A click on
// a figure sends the event "figure" with {report, drill, value}; unless that
// is prevented, the rows open below. Its styles stay inside.
import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { cell, isFigure, phone, setZone, moment } from '../js/format.js';
import { setLanguage, t, word } from '../js/i18n.js';

const HOME = new URL('..', import.meta.url);
const WATCHED = ['report', 'from', 'to', 'where', 'columns', 'language', 'token'];

class HooklineReport extends HTMLElement {
  static observedAttributes = WATCHED;
  #state = { answer: null, failed: null, drill: null, rows: null };
  #asked = '';

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
  }
  connectedCallback() { this.#load(); }
  attributeChangedCallback() { if (this.isConnected) this.#load(); }

  async #get(path) {
    const token = this.getAttribute('token');
    const reply = await fetch(new URL(path, HOME), { headers: token ? { Authorization: `Bearer ${token}` } : {}, credentials: token ? 'omit' : 'same-origin' });
    const value = await reply.json();
    if (!reply.ok) throw new Error(value.detail || reply.statusText);
    return value;
  }
  #query(extra = {}) {
    const query = new URLSearchParams(extra);
    for (const name of ['from', 'to', 'where']) if (this.getAttribute(name)) query.set(name, this.getAttribute(name));
    for (const { name, value } of this.attributes) if (name.startsWith('option-')) query.set(name.slice('option-'.length).replaceAll('-', '_'), value);
    return query;
  }
  #path(tail = '', extra = {}) { return `api/v1/reports/${encodeURIComponent(this.getAttribute('report') || '')}${tail}?${this.#query(extra)}`; }

  async #load() {
    const asked = this.#path() + this.getAttribute('token');
    if (asked === this.#asked) return this.#draw();
    this.#asked = asked;
    try {
      const answer = await this.#get(this.#path());
      setZone(answer.period.timezone);
      this.#state = { answer, failed: null, drill: null, rows: null };
    } catch (failed) {
      this.#state = { answer: null, failed, drill: null, rows: null };
    }
    this.#draw();
  }
  async #open(event, drill, value) {
    event.preventDefault();
    const isTaken = !this.dispatchEvent(new CustomEvent('figure', { detail: { report: this.getAttribute('report'), drill, value }, bubbles: true, composed: true, cancelable: true }));
    if (isTaken) return;
    try {
      const page = await this.#get(this.#path('/rows', { drill, limit: 50 }));
      this.#state = { ...this.#state, drill, rows: page };
    } catch (failed) {
      this.#state = { ...this.#state, failed };
    }
    this.#draw();
  }

  #figure(row, column) {
    const value = row.cells[column.id];
    if (value == null) return '—';
    const drill = `${row.key}:${column.id}`;
    return html`<a href="#" aria-current=${this.#state.drill === drill ? 'true' : nothing} @click=${(e) => this.#open(e, drill, value)}>${cell(value, column.type)}</a>`;
  }
  #rows() {
    const { rows } = this.#state;
    if (!rows) return nothing;
    return html`<p class="count">${t('drill.rows', { n: rows.total })}</p><ul>${rows.rows.map((row) => html`<li><span>${moment(row.started_at || row.at || row.created_at)}</span><span>${row.client_number ? phone(row.client_number) : row.title || row.number || row.id}</span><span>${row.outcome ? word('outcome', row.outcome) : row.quality ? word('quality', row.quality) : ''}</span></li>`)}</ul>`;
  }
  #draw() {
    setLanguage(this.getAttribute('language') || document.documentElement.lang || 'ru');
    const { answer, failed } = this.#state;
    const wanted = this.getAttribute('columns')?.split(',');
    const columns = answer?.columns.filter((c) => c.kind === 'dimension' || !wanted || wanted.includes(c.id)) || [];
    const total = answer && { key: 'total', cells: answer.total };
    render(html`
      <link rel="stylesheet" href=${new URL('css/tokens.css', HOME)}><link rel="stylesheet" href=${new URL('css/embed.css', HOME)}>
      ${failed ? html`<p role="alert">${failed.message}</p>` : !answer ? html`<p aria-busy="true">${t('loading')}…</p>` : html`
        <div class="scroll"><table><caption>${answer.title}</caption><thead><tr>${columns.map((c) => html`<th scope="col" class=${isFigure(c) ? 'num' : ''} title=${c.definition || ''}>${c.title}</th>`)}</tr></thead>
        <tbody>${answer.rows.map((row) => html`<tr>${columns.map((c, i) => (i === 0 ? html`<th scope="row">${row.key === '-' ? t('nobody') : row.cells[c.id] ?? '—'}</th>` : html`<td class=${isFigure(c) ? 'num' : ''}>${isFigure(c) ? this.#figure(row, c) : row.cells[c.id] ?? '—'}</td>`))}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('total')}</th>${columns.slice(1).map((c) => html`<td class=${isFigure(c) ? 'num' : ''}>${c.id in answer.total ? this.#figure(total, c) : nothing}</td>`)}</tr></tfoot></table></div>${this.#rows()}`}`, this.shadowRoot);
  }
}
customElements.define('hookline-report', HooklineReport);
