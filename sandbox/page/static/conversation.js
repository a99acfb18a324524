// A channel or direct conversation: its head, its messages, and the composer.
import { html, useEffect, useRef } from "/sandbox/blockkit/index.js";

import { Composer } from "./composer.js";
import { usePage } from "./host.js";
import { MessageList } from "./messages.js";
import { Scroll } from "./scroll.js";
import { say } from "./words.js";

export function Conversation({ id }) {
  const { state, lang, go } = usePage();
  const row = state.channels.get(id);
  const head = useRef(null);
  useEffect(() => {
    // On a phone the list that one came from is gone: the reader goes on at the top of this.
    const phone = matchMedia("(max-width: 720px)").matches;
    if (phone && document.activeElement === document.body) head.current?.focus();
  }, []);
  if (!row) return html`<main class="main main-empty"><p>${say(lang, "pick_channel")}</p></main>`;
  const direct = row.kind === "im" || row.kind === "mpim";
  const app = direct && state.apps.find((one) => row.with.includes(one.bot_user_id));
  const name = direct ? row.name : `#${row.name}`;
  return html`<main class="main" aria-label=${name} id="main">
    <header class="main-head">
      <button type="button" class="tool back" onClick=${() => go({ kind: "none" })}
        aria-label=${say(lang, "back")}>‹</button>
      <h1 ref=${head} tabindex="-1">${name}</h1>
      ${app && html`<${AppTabs} app=${app} at="messages" />`}
      ${row.topic && html`<p class="topic">${row.topic}</p>`}
      ${!direct && html`<span class="count">${say(lang, "members", { n: row.members })}</span>`}
    </header>
    <${Messages} row=${row} name=${name} />
    <${Foot} row=${row} name=${name} />
  </main>`;
}

function Messages({ row, name }) {
  const { state, actions, lang } = usePage();
  const list = state.lists[row.id];
  return html`<${Scroll} list=${list} channelId=${row.id} name=${name}>
    ${list?.cursor
      ? html`<p class="earlier"><button type="button" class="plain-button"
          onClick=${() => actions.load(row.id, { way: "older" })}>${say(lang, "earlier")}</button></p>`
      : list && html`<p class="beginning">${say(lang, "empty_channel", { name })}</p>`}
    ${list
      ? html`<${MessageList} messages=${list.messages} channelId=${row.id} mark=${state.route.mark}
          fresh=${state.fresh[row.id]} />`
      : html`<p class="beginning" role="status">${say(lang, "loading")}</p>`}
    ${list?.later && html`<p class="earlier"><button type="button" class="plain-button"
      onClick=${() => actions.load(row.id, { way: "newer" })}>${say(lang, "later")}</button></p>`}
  </${Scroll}>`;
}

function Foot({ row, name }) {
  const { actions, lang } = usePage();
  if (row.archived) return html`<p class="foot-note">${say(lang, "archived")}</p>`;
  if (!row.member) {
    return html`<p class="foot-note">${say(lang, "not_member", { name: row.name })} 
      <button type="button" class="plain-button" onClick=${() => actions.join(row.id)}>
        ${say(lang, "join")}</button></p>`;
  }
  return html`<${Composer} key=${row.id} channelId=${row.id}
    hint=${say(lang, "message_to", { name })} />`;
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
