// The YAML: edited as a draft, checked, compared, applied, rolled back.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { get, post } from '../api.js';
import { moment } from '../format.js';
import { skeleton } from '../ui/blank.js';
import { attempt, toast } from '../ui/toast.js';
import { diffLines, hunks } from './diff.js';

export function view(redraw) {
  let config = null;
  let draft = '';
  let complaints = null; // null: not checked since the last edit
  let isBusy = false;

  async function load() {
    config = await get('/crm/config');
    draft = config.text;
    complaints = null;
  }
  const isChanged = () => draft !== config.text;
  function edit(event) {
    draft = event.target.value;
    complaints = null;
    redraw();
  }
  async function check() {
    const found = await attempt(() => post('/crm/config/check', { text: draft }));
    if (found) complaints = found.complaints.split('\n').filter(Boolean);
    redraw();
  }
  async function apply() {
    isBusy = true;
    redraw();
    const found = await attempt(() => post('/crm/config/apply', { text: draft }));
    isBusy = false;
    if (found) {
      complaints = found.complaints.split('\n').filter(Boolean);
      if (!complaints.length) { toast(t('config.applied')); await load(); }
    }
    redraw();
  }
  async function take(revision) {
    const found = await attempt(() => get(`/crm/config?revision=${revision.id}`));
    if (found) { draft = found.text; await check(); }
  }
  // The complaint's line in the draft.
  function jump(complaint) {
    const line = Number(/:(\d+):/.exec(complaint)?.[1] || 0);
    const area = document.getElementById('yaml');
    if (!line || !area) return;
    const start = draft.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + draft.split('\n')[line - 1].length);
  }

  function side() {
    const changes = isChanged() ? hunks(diffLines(config.text, draft)) : [];
    return html`<div class="df">
      ${complaints === null ? nothing : complaints.length ? html`<div class="note bad" role="alert">${icon('warn')}<span>${t('config.mistakes', { n: complaints.length })}${complaints.map((c) => html`<button class="link complaint-line" @click=${() => jump(c)}>${c}</button>`)}</span></div>` : html`<p class="note good" role="status">${icon('check')}<span>${t('config.good')}</span></p>`}
      <h3>${t('config.changes')}</h3>
      ${changes.length ? html`<pre class="diff" tabindex="0" aria-label=${t('config.changes')}>${changes.map((line) => (line.kind === 'ins' ? html`<ins>+ ${line.text}\n</ins>` : line.kind === 'del' ? html`<del>- ${line.text}\n</del>` : html`<span class="ctx">  ${line.text}\n</span>`))}</pre>` : html`<p class="sec">${t('config.same')}</p>`}
      <h3>${t('config.revisions')}</h3><ul class="revisions">${config.revisions.map((r, i) => html`<li><b>${r.id}</b> <span class="sec">${moment(new Date(r.made_s * 1000).toISOString())}${r.login ? ` · ${r.login}` : ''}</span> ${i ? html`<button class="btn bare sm" @click=${() => take(r)}>${icon('undo')}${t('config.take')}</button>` : html`<span class="chip good">${t('config.now')}</span>`}</li>`)}</ul></div>`;
  }
  return {
    load,
    draw: () => (!config ? html`<section class="box">${skeleton(6)}</section>` : html`
      <section class="box" aria-labelledby="s3"><header><h2 id="s3">${t('set.config')}</h2><span class="n mono">${config.file}</span><span class="right acts"><button class="btn sm" id="config-check" ?disabled=${isBusy} @click=${check}>${t('config.check')}</button><button class="btn sm pri" id="config-apply" ?disabled=${isBusy || !isChanged() || complaints?.length > 0} @click=${apply}>${t('config.apply')}</button>${isChanged() ? html`<button class="btn bare sm" @click=${() => { draft = config.text; complaints = null; redraw(); }}>${icon('undo')}${t('config.discard')}</button>` : nothing}</span></header>
      <div class="cfg"><textarea id="yaml" class="ed" spellcheck="false" autocapitalize="off" aria-label=${config.file} .value=${draft} @input=${edit}></textarea>${side()}</div></section>
      <footer class="foot"><span>${t('config.how')}</span></footer>`),
  };
}
