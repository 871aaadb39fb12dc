// Changes as the server tells them (server-sent events): kind and id, nothing
// more. Pages say what they want to hear of and how often at most.
const listeners = new Set();
const states = new Set();
let source = null;
export let isLive = false;
export let silentSince = null;

export function startEvents() {
  source = new EventSource('/crm/events');
  source.onopen = () => tell(true);
  source.onerror = () => tell(false);
  source.onmessage = (message) => {
    const { entity, id } = JSON.parse(message.data);
    for (const listener of listeners) if (listener.kinds.includes(entity)) listener.hear(id);
  };
  source.addEventListener('reset', () => { for (const listener of listeners) listener.hear(null); });
}

function tell(live) {
  if (!live && isLive) silentSince = new Date();
  isLive = live;
  for (const state of states) state(live);
}

// Calls back at most once in `every` ms; returns what ends it.
export function onChange(kinds, act, every = 400) {
  let timer = null;
  const listener = {
    kinds,
    hear: (id) => {
      if (timer) return;
      timer = setTimeout(() => { timer = null; act(id); }, every);
    },
  };
  listeners.add(listener);
  return () => { listeners.delete(listener); clearTimeout(timer); };
}
export function onState(act) {
  states.add(act);
  return () => states.delete(act);
}
