// A task made by hand.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { post } from '../api.js';
import { attempt } from '../ui/toast.js';
import { state } from '../state.js';

const HOUR = 3600000;
// What a field of the browser takes: its own clock, without seconds.
const localText = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

export function taskForm(about, done) {
  async function make(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const made = await attempt(() => post('/crm/tasks', { ...about, title: data.get('title'), assignee: data.get('assignee'), deadline_at: new Date(data.get('deadline')).toISOString() }));
    if (made) done(made.id);
  }
  return html`<form class="box pad task-new" @submit=${make}>
    <label>${t('task.what')}<input class="inp" name="title" required maxlength="200"></label>
    <label>${t('f.assignee')}<select class="inp" name="assignee">${state.directory.employees.map((e) => html`<option value=${e.id} ?selected=${e.id === state.user.employee}>${e.name}</option>`)}</select></label>
    <label>${t('deadline')}<input class="inp" type="datetime-local" name="deadline" required .value=${localText(new Date(Date.now() + 4 * HOUR))}></label>
    <button class="btn pri">${t('task.make')}</button></form>`;
}
