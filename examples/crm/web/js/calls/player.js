// A recording, played through the server so that role and expiry hold. Loaded
// when it is played, not before. Space plays and pauses, arrows move 5 s.
import { html, nothing } from '../html.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { clock } from '../format.js';
import { id as encoded } from '../api.js';
import { inField } from '../keys.js';

const STEP_S = 5;
const SPEEDS = [1, 1.5, 2];
let playing = null; // {call, audio, redraw, failed}

export const playingAt = (call) => (playing?.call === call ? playing.audio.currentTime : null);

function start(call, redraw) {
  playing?.audio.pause();
  const audio = new Audio(`/crm/recordings/${encoded(call)}`);
  playing = { call, audio, redraw, failed: '' };
  audio.addEventListener('timeupdate', redraw);
  audio.addEventListener('play', redraw);
  audio.addEventListener('pause', redraw);
  audio.addEventListener('loadedmetadata', redraw);
  audio.addEventListener('error', async () => {
    // The element does not say why: the server does.
    const reply = await fetch(audio.src).catch(() => null);
    playing.failed = (await reply?.json().catch(() => null))?.detail || t('player.failed');
    redraw();
  });
  audio.play().catch(() => {});
}
function toggle(call, redraw) {
  if (playing?.call !== call) return start(call, redraw);
  if (playing.audio.paused) playing.audio.play().catch(() => {});
  else playing.audio.pause();
}
function nextSpeed() {
  playing.audio.playbackRate = SPEEDS[(SPEEDS.indexOf(playing.audio.playbackRate) + 1) % SPEEDS.length];
  playing.redraw();
}

export function player(call, redraw) {
  if (!call.recordings?.length) return nothing;
  const mine = playing?.call === call.id ? playing : null;
  const length = mine?.audio.duration || call.talk_s || 1;
  const now = mine?.audio.currentTime || 0;
  return html`<div class="player">
    <button class="btn pri sq" aria-label=${mine && !mine.audio.paused ? t('player.pause') : t('player.play')} @click=${() => toggle(call.id, redraw)}>${icon(mine && !mine.audio.paused ? 'pause' : 'play')}</button>
    <input class="seek" type="range" min="0" max=${length} step="0.1" .value=${String(now)} aria-label=${t('player.seek')} aria-valuetext=${clock(now)} ?disabled=${!mine} @input=${(e) => { if (mine) mine.audio.currentTime = Number(e.target.value); }}>
    <span class="nb num">${clock(now)} / ${clock(length)}</span>
    ${mine ? html`<button class="btn sm" @click=${nextSpeed} aria-label=${t('player.speed')}>${mine.audio.playbackRate}×</button>` : nothing}
    ${mine?.failed ? html`<span class="bad-text" role="alert">${mine.failed}</span>` : nothing}
  </div>`;
}

document.addEventListener('keydown', (event) => {
  if (!playing || inField(event) || event.ctrlKey || event.metaKey) return;
  if (event.key === ' ' && !event.target.closest('button, a')) {
    event.preventDefault();
    toggle(playing.call, playing.redraw);
  }
  // In a table arrows move between cells; within the opened call they seek.
  const isTable = event.target.closest('table') && !event.target.closest('.detrow');
  if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && !isTable) {
    playing.audio.currentTime += event.key === 'ArrowLeft' ? -STEP_S : STEP_S;
  }
});
