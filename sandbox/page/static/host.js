// What stands around blocks on this page: names, inputs, and acting on them.
import { createContext, useContext } from "/sandbox/blockkit/index.js";

export const Page = createContext(null);

// The page's parts: {state, actions, lang, go}.
export function usePage() {
  return useContext(Page);
}

// A person's name as others read it.
export function personName(state, id) {
  if (id === "USLACKBOT") return "Slackbot";
  const person = state.people.get(id);
  return person?.real_name ?? person?.name ?? id;
}

// The conversations that a filter of Block Kit lets through; all kinds where it names none.
function conversations({ channels, apps }, filter) {
  const bots = new Set(apps.map((app) => app.bot_user_id));
  const withBot = (row) => row.with.some((id) => bots.has(id));
  return [...channels.values()]
    .filter((row) => !row.archived && (row.member || row.kind === "public"))
    .filter((row) => !filter?.include || filter.include.includes(row.kind))
    .filter((row) => !filter?.exclude_bot_users || !withBot(row))
    .map((row) => row.id);
}

// A channel with its sign, a direct conversation by its people.
function conversationName({ channels }, id) {
  const row = channels.get(id);
  return row?.with.length ? row.name : `#${row?.name ?? id}`;
}

// The host of a message, modal or Home. `surface` is {place, key, blocks}: how acts name it
// ({channel, ts}, {view_id} or {home}), what its inputs are kept under, and what stands in it.
export function hostFor(page, surface) {
  const { state, actions, lang, go } = page;
  const { place, key } = surface;
  return {
    locale: lang,
    tz: state.me.tz,
    me: state.me.id,
    personName: (id) => personName(state, id),
    channelName: (id) => state.channels.get(id)?.name,
    groupName: (id) => state.groups.get(id)?.handle,
    people: () => [...state.people.values()].filter((p) => !p.deleted).map((p) => p.id),
    teamName: (id) => (id === state.team.id ? state.team.name : id),
    channels: () => conversations(state, { include: ["public"] }),
    conversations: (filter) => conversations(state, filter),
    conversationName: (id) => conversationName(state, id),
    openChannel: (id) => state.channels.has(id) && go({ kind: "channel", id }),
    openLink: (url) => window.open(url, "_blank", "noopener,noreferrer"),
    fileUrl: (id) => id && `/sandbox/files/${id}`,
    stateOf: (block, action) => state.inputs[key]?.[block]?.[action],
    put: (block, element, own) => actions.put(surface, block, element, own),
    act: (block, element, value, own) => actions.act(surface, block, element, value, own),
    loadOptions: (block, element, query) => actions.options(place, element, block, query),
    upload: (file) => actions.upload(file),
    isBusy: (block, action) => Boolean(state.busy[`${key}|${block}|${action}`]),
    warningOf: (block) => state.warnings[`${key}|${block}`],
    errorOf: (block) => state.errors[key]?.[block],
  };
}
