// A channel or direct conversation: its head, its messages, and the composer.
import { html, useEffect, useLayoutEffect, useRef } from "/sandbox/blockkit/index.js";

import { Composer } from "./composer.js";
import { usePage } from "./host.js";
import { MessageList } from "./messages.js";
import { say } from "./words.js";

const NEAR_END = 80;

export function Conversation({ id }) {
  const { state, actions, lang, go } = usePage();
  const row = state.channels.get(id);
  const list = state.lists[id];
  if (!row) return html`<main class="main main-empty"><p>${say(lang, "pick_channel")}</p></main>`;
  const direct = row.kind === "im" || row.kind === "mpim";
  const app = direct && state.apps.find((one) => row.with.includes(one.bot_user_id));
  const name = direct ? row.name : `#${row.name}`;
  return html`<main class="main" aria-label=${name}>
    <header class="main-head">
      <button type="button" class="tool back" onClick=${() => go({ kind: "none" })}
        aria-label=${say(lang, "back")}>‹</button>
      <h1>${name}</h1>
      ${app && html`<${AppTabs} app=${app} at="messages" />`}
      ${row.topic && html`<p class="topic">${row.topic}</p>`}
      ${!direct && html`<span class="count">${say(lang, "members", { n: row.members })}</span>`}
    </header>
    <${Scroll} list=${list} channelId=${id} name=${name}>
      ${list?.cursor
        ? html`<p class="earlier"><button type="button" class="plain-button"
            onClick=${() => actions.load(id, undefined, true)}>${say(lang, "earlier")}</button></p>`
        : list && html`<p class="beginning">${say(lang, "empty_channel", { name })}</p>`}
      ${list
        ? html`<${MessageList} messages=${list.messages} channelId=${id} mark=${state.route.mark} />`
        : html`<p class="beginning" role="status">${say(lang, "loading")}</p>`}
    </${Scroll}>
    <${Foot} row=${row} name=${name} />
  </main>`;
}

function Foot({ row, name }) {
  const { actions, lang } = usePage();
  if (row.archived) return html`<p class="foot-note">${say(lang, "archived")}</p>`;
  if (!row.member) {
    return html`<p class="foot-note">${say(lang, "not_member", { name: row.name })} 
      <button type="button" class="plain-button" onClick=${() => actions.join(row.id)}>
        ${say(lang, "join")}</button></p>`;
  }
  return html`<${Composer} channelId=${row.id} hint=${say(lang, "message_to", { name })} />`;
}

// The tabs of an app: its Home, and the messages with it.
export function AppTabs({ app, at }) {
  const { lang, go, actions } = usePage();
  const messages = async () => {
    const seen = await actions.openHome(app.id);
    if (seen?.channel) {
      await actions.look();
      go({ kind: "channel", id: seen.channel });
    }
  };
  return html`<div class="tabs">
    <button type="button" aria-current=${at === "home" ? "page" : undefined}
      onClick=${() => go({ kind: "home", app: app.id })}>${say(lang, "home")}</button>
    <button type="button" aria-current=${at === "messages" ? "page" : undefined}
      onClick=${messages}>${say(lang, "messages")}</button>
  </div>`;
}

// What scrolls: stays at the end while the reader is there, and where they are otherwise.
function Scroll({ list, channelId, name, children }) {
  const { state, lang, actions } = usePage();
  const own = useRef(null);
  const before = useRef({ first: null, height: 0, atEnd: true });
  const first = list?.messages[0]?.ts;
  useLayoutEffect(() => {
    const box = own.current;
    const last = before.current;
    if (last.first && first !== last.first && !last.atEnd) {
      box.scrollTop += box.scrollHeight - last.height;
    } else if (last.atEnd && !state.route.mark) {
      box.scrollTop = box.scrollHeight;
    }
    before.current = { ...last, first, height: box.scrollHeight };
  });
  useEffect(() => {
    const marked = state.route.mark && own.current.querySelector(`[data-ts="${state.route.mark}"]`);
    marked?.scrollIntoView({ block: "center" });
  }, [Boolean(list)]);
  useEffect(() => {
    // Pictures grow the list after it was drawn.
    const grown = () => {
      if (before.current.atEnd && !state.route.mark) own.current.scrollTop = own.current.scrollHeight;
    };
    own.current.addEventListener("load", grown, true);
  }, []);
  const scrolled = (event) => {
    const box = event.currentTarget;
    before.current.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    if (before.current.atEnd) actions.markRead(channelId);
  };
  return html`<div class="scroll" ref=${own} onScroll=${scrolled} role="log" tabindex="0"
    aria-label=${say(lang, "log", { name })}>${children}</div>`;
}
