// What the reader does, turned into acts; and what comes back, put into the state.
import { bareValues } from "/sandbox/blockkit/index.js";

import { changed, fromOverview, joined, listKey } from "./store.js";
import { say } from "./words.js";

const INPUT_PAUSE = 500;
const HEARD_KEPT = 300;

// All of the page's verbs, for one person.
export function actionsFor(store, api, lang) {
  const pauses = new Map();
  const heard = [];

  const failed = (error) => {
    const why = error instanceof TypeError ? say(lang, "no_answer") : error.message;
    store.set({ notice: say(lang, "failed", { why }) });
  };

  // Run an act; a refusal becomes a notice instead of an exception.
  const attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      failed(error);
      return null;
    }
  };

  // The same for acts that have no place of their own to show what went wrong.
  const noticed = async (work) => {
    const seen = await attempt(work);
    if (seen?.warning) store.set({ notice: seen.warning });
    return seen;
  };

  const look = async () => {
    const overview = await api.read();
    store.set((state) => fromOverview(overview, state.inputs));
    return overview.seen;
  };

  // Read a page of a channel or thread: its newest, the one `around` a message, or with `way` the
  // older or newer ones beside those that are there.
  const reading = new Set();
  const load = async (channel, { thread, way, around } = {}) => {
    const key = listKey(channel, thread);
    const known = store.get().lists[key];
    const cursor = { older: known?.cursor, newer: known?.later }[way];
    if (way && (!cursor || reading.has(key))) return;
    reading.add(key);
    const query = { channel, thread_ts: thread, cursor, around, limit: thread ? 500 : 50 };
    const page = await attempt(() => api.read("/messages", query));
    reading.delete(key);
    if (!page) return;
    const inputs = {};
    for (const [ts, typed] of Object.entries(page.inputs)) inputs[`${channel}:${ts}`] = typed;
    store.set((state) => ({
      lists: { ...state.lists, [key]: joined(state.lists[key], page, way) },
      inputs: { ...inputs, ...state.inputs },
    }));
    catchUp(page.seen);
  };

  // Put what came in live while a page was on its way into the lists again.
  const catchUp = (seen) => {
    for (const change of heard) {
      if (change.n > seen) store.set((state) => listsOf(state, change));
    }
  };

  const listsOf = (state, change) => {
    const { lists } = changed(state, change) ?? {};
    return lists ? { lists } : {};
  };

  const markRead = (channel) => {
    const row = store.get().channels.get(channel);
    if (row?.member && row.unread) attempt(() => api.act("read", { channel }));
  };

  const flag = (name, key, value) =>
    store.set((state) => ({ [name]: { ...state[name], [key]: value } }));

  // Remember what was put into an element. `surface` is {place, key, blocks}: how acts name it, what
  // its inputs are kept under, and what stands in it.
  const keep = ({ key }, block, element, state) =>
    store.set((before) => {
      const container = before.inputs[key] ?? {};
      const own = { ...container[block.block_id], [element.action_id]: state };
      const wrong = { ...before.errors[key], [block.block_id]: undefined }; // it is being mended
      return {
        inputs: { ...before.inputs, [key]: { ...container, [block.block_id]: own } },
        errors: { ...before.errors, [key]: wrong },
      };
    });

  const typedIn = ({ key, blocks }) => bareValues(store.get().inputs[key], blocks);

  // Use an element, and tell the app. `state` is the element's new one where it holds a value.
  const act = async (surface, block, element, value, state) => {
    const { place, key } = surface;
    if (state) keep(surface, block, element, state);
    clearTimeout(pauses.get(key));
    const spot = `${key}|${block.block_id}|${element.action_id}`;
    flag("busy", spot, true);
    flag("warnings", `${key}|${block.block_id}`, null);
    const body = { ...place, action_id: element.action_id, block_id: block.block_id };
    if (value !== undefined) body.value = value;
    body.state = typedIn(surface);
    const seen = await attempt(() => api.act("click", body));
    flag("busy", spot, false);
    if (seen?.warning) flag("warnings", `${key}|${block.block_id}`, seen.warning);
  };

  // Put something into an element without telling the app; saved once the reader pauses, so that it
  // is still there after a reload. A surface that is gone by then has nothing to save.
  const put = (surface, block, element, state) => {
    const { place, key } = surface;
    keep(surface, block, element, state);
    clearTimeout(pauses.get(key));
    const save = () => api.act("input", { ...place, state: typedIn(surface) }).catch(() => {});
    pauses.set(key, setTimeout(save, INPUT_PAUSE));
  };

  const submit = async (view) => {
    clearTimeout(pauses.get(view.id));
    flag("busy", view.id, true);
    flag("warnings", view.id, null);
    const state = typedIn({ key: view.id, blocks: view.blocks });
    const seen = await attempt(() => api.act("submit", { view_id: view.id, state }));
    flag("busy", view.id, false);
    flag("errors", view.id, seen?.errors ?? {});
    if (seen?.warning) flag("warnings", view.id, seen.warning);
  };

  const hear = async (change) => {
    heard.push(change);
    if (heard.length > HEARD_KEPT) heard.shift();
    if (change.kind === "reset") {
      store.set({ lists: {} });
      if ((await attempt(look)) !== null) show(store.get().route);
      return;
    }
    const part = changed(store.get(), change);
    if (part) store.set(part);
    else await attempt(look);
    const { route } = store.get();
    if (change.kind === "message" && route.id === change.channel && document.hasFocus()) {
      markRead(change.channel);
    }
  };

  // Whether a channel's list can stay as it is: the reader only opens or closes what stands beside it.
  const stays = (route, before) => {
    const list = store.get().lists[route.id];
    const beside = [route, before ?? {}].some((one) => one.thread || one.source);
    const holds = !route.mark || list?.messages.some((one) => one.ts === route.mark);
    return Boolean(list && before?.id === route.id && beside && holds);
  };

  // Fetch what a route shows, and remember where the reader had got to.
  const show = async (route, before) => {
    if (route.kind !== "channel") return;
    const wanted = [];
    if (!stays(route, before)) {
      const row = store.get().channels.get(route.id);
      flag("fresh", route.id, row?.unread ? row.read : null);
      wanted.push(load(route.id, { around: route.mark && (route.thread ?? route.mark) }));
    }
    if (route.thread) wanted.push(load(route.id, { thread: route.thread }));
    await Promise.all(wanted);
    if (document.hasFocus()) markRead(route.id);
  };

  return {
    look,
    load,
    show,
    markRead,
    act,
    put,
    submit,
    hear,
    attempt,
    openHome: (app) => noticed(() => api.act("home", { app })),
    leaveModals: () => attempt(() => api.act("close", { all: true })),
    closeModal: (view) => attempt(() => api.act("close", { view_id: view.id })),
    draft: (key, text) => flag("drafts", key, text || undefined),
    post: (channel, text, thread, broadcast) =>
      attempt(() => api.act("post", { channel, text, thread_ts: thread, broadcast })),
    direct: (people) => noticed(() => api.act("direct", { people })),
    search: (q) => attempt(() => api.read("/search", { q })),
    command: (channel, text) => attempt(() => api.act("command", { channel, text })),
    shortcut: (body) => noticed(() => api.act("shortcut", body)),
    react: (channel, ts, name) => attempt(() => api.act("react", { channel, ts, name })),
    join: (channel) => attempt(() => api.act("join", { channel })),
    options: (place, element, block, query) =>
      attempt(() =>
        api.act("options", {
          ...place, action_id: element.action_id, block_id: block.block_id, query,
        }),
      ),
    upload: (file) => attempt(() => api.upload(file)),
  };
}
