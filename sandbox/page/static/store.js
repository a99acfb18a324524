// The page's state, and the changes that come in live. Plain objects, replaced and never changed in
// place, so that a message is drawn again only when it is another one.

export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get: () => state,
    set: (patch) => {
      state = { ...state, ...(typeof patch === "function" ? patch(state) : patch) };
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// How many messages a list holds: reading on for hours must not slow the page down.
const MOST_SHOWN = 600;

// The state before anything is known.
export const EMPTY = {
  me: null,
  team: null,
  people: new Map(),
  channels: new Map(),
  groups: new Map(),
  apps: [],
  modals: [],
  fresh: {},
  drafts: {},
  route: { kind: "none" },
  lists: {},
  inputs: {},
  busy: {},
  warnings: {},
  errors: {},
  notice: null,
  online: true,
};

// An overview from the server as state. What is `known` to be in elements stays: it may be newer.
export function fromOverview(overview, known) {
  const byId = (rows) => new Map(rows.map((row) => [row.id, row]));
  return {
    me: overview.me,
    team: overview.team,
    people: byId(overview.people),
    channels: byId(overview.channels),
    groups: byId(overview.usergroups),
    apps: overview.apps,
    modals: overview.modals,
    inputs: { ...overview.inputs, ...known },
  };
}

// Where a list of messages is kept: a channel's, or a thread's.
export function listKey(channelId, threadTs) {
  return threadTs ? `${channelId}:${threadTs}` : channelId;
}

// While later messages are not loaded, new ones would leave a gap: they come with their page.
function withMessage(list, message) {
  if (!list || list.later) return list;
  const messages = list.messages.filter((one) => one.ts !== message.ts);
  const at = messages.findLastIndex((one) => one.ts < message.ts) + 1;
  return { ...list, messages: [...messages.slice(0, at), message, ...messages.slice(at)] };
}

// A page that was read, beside what is there already; `way` is older, newer, or anything else for a
// fresh list. The far end of a list that grows too long is let go, to be read again when wanted.
export function joined(list, page, way) {
  if (!list || !["older", "newer"].includes(way)) {
    return { messages: page.messages, cursor: page.cursor, later: page.later };
  }
  const known = new Set(list.messages.map((one) => one.ts));
  const added = page.messages.filter((one) => !known.has(one.ts));
  if (way === "older") {
    const messages = [...added, ...list.messages].slice(0, MOST_SHOWN);
    const cut = messages.length < added.length + list.messages.length;
    const later = cut ? cursorAfter(messages.at(-1)) : list.later;
    return { messages, cursor: page.cursor, later };
  }
  const messages = [...list.messages, ...added].slice(-MOST_SHOWN);
  const cut = messages.length < added.length + list.messages.length;
  return { messages, later: page.later, cursor: cut ? cursorBefore(messages[0]) : list.cursor };
}

const cursorAfter = ({ ts }) => btoa(`after:${ts}`);
const cursorBefore = ({ ts }) => btoa(`before:${ts}`);

function withChanged(list, message) {
  if (!list?.messages.some((one) => one.ts === message.ts)) return list;
  const messages = list.messages.map((one) => (one.ts === message.ts ? message : one));
  return { ...list, messages };
}

function without(list, ts) {
  if (!list) return list;
  return { ...list, messages: list.messages.filter((one) => one.ts !== ts) };
}

function eachList(state, channelId, change) {
  const lists = { ...state.lists };
  for (const key of Object.keys(lists)) {
    if (key === channelId || key.startsWith(`${channelId}:`)) lists[key] = change(lists[key]);
  }
  return { lists };
}

// A message that has come: into its channel or its thread.
function arrived(state, { channel, message }) {
  const lists = { ...state.lists };
  const inThread = message.thread_ts && message.thread_ts !== message.ts;
  if (inThread) {
    const key = listKey(channel, message.thread_ts);
    lists[key] = withMessage(lists[key], message);
  }
  if (!inThread || message.subtype === "thread_broadcast") {
    lists[channel] = withMessage(lists[channel], message);
    return { lists, channels: counted(state, channel, message) };
  }
  return { lists };
}

function counted(state, channelId, message) {
  const row = state.channels.get(channelId);
  if (!row || message.user === state.me?.id) return state.channels;
  const shown = state.route.kind === "channel" && state.route.id === channelId;
  if (shown && document.hasFocus()) return state.channels;
  return new Map(state.channels).set(channelId, { ...row, unread: row.unread + 1 });
}

function ephemeral(state, { channel, message }) {
  const key = listKey(channel, message.thread_ts);
  return { lists: { ...state.lists, [key]: withMessage(state.lists[key], message) } };
}

function another(state, { channel, message }) {
  return eachList(state, channel, (list) => withChanged(list, message));
}

// A deleted message is gone; a parent with replies stays as a tombstone.
function gone(state, { channel, ts, message }) {
  if (message) return another(state, { channel, message });
  return eachList(state, channel, (list) => without(list, ts));
}

const CHANGES = {
  message: arrived,
  ephemeral,
  message_changed: another,
  ephemeral_changed: another,
  parent: another,
  pin_added: another,
  reaction_added: another,
  reaction_removed: another,
  message_deleted: gone,
  ephemeral_deleted: gone,
  modals: (state, { modals }) => ({ modals }),
  home: (state, { app, view }) => ({
    apps: state.apps.map((one) => (one.id === app ? { ...one, home: view } : one)),
  }),
  read: (state, { channel, ts }) => {
    const row = state.channels.get(channel);
    const left = { ...row, unread: 0, read: ts };
    return row ? { channels: new Map(state.channels).set(channel, left) } : {};
  },
};

// The part of the state that a live change makes new; null when the page must look afresh at who
// and what there is.
export function changed(state, change) {
  const apply = CHANGES[change.kind];
  return apply ? apply(state, change) : null;
}
