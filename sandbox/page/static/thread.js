// A thread beside its channel: the parent, the replies, and a composer of its own.
import { html, useEffect, useRef } from "/sandbox/blockkit/index.js";

import { Composer } from "./composer.js";
import { usePage } from "./host.js";
import { MessageList } from "./messages.js";
import { listKey } from "./store.js";
import { say } from "./words.js";

export function Thread({ channelId, ts }) {
  const { state, lang, go } = usePage();
  const row = state.channels.get(channelId);
  const list = state.lists[listKey(channelId, ts)];
  const end = useRef(null);
  const close = () => go({ kind: "channel", id: channelId });
  const { mark } = state.route;
  useEffect(() => {
    const marked = mark && end.current?.parentNode.querySelector(`[data-ts="${mark}"]`);
    if (marked) marked.scrollIntoView({ block: "center" });
    else end.current?.scrollIntoView({ block: "nearest" });
  }, [list?.messages.length, mark]);
  const key = (event) => event.key === "Escape" && !event.defaultPrevented && close();
  return html`<aside class="thread" aria-label=${say(lang, "thread")} onKeyDown=${key}>
    <header class="main-head">
      <button type="button" class="tool back" onClick=${close} aria-label=${say(lang, "back")}>‹
      </button>
      <h1>${say(lang, "thread")}</h1>
      ${row && html`<span class="count">${row.kind === "im" ? row.name : `#${row.name}`}</span>`}
      <button type="button" class="tool wide-only" onClick=${close}
        aria-label=${say(lang, "close")}>×</button>
    </header>
    <div class="scroll" tabindex="0" role="log" aria-label=${say(lang, "thread")}>
      ${list
        ? html`<${Posts} messages=${list.messages} channelId=${channelId} ts=${ts} mark=${mark} />`
        : html`<p class="beginning" role="status">${say(lang, "loading")}</p>`}
      <div ref=${end}></div>
    </div>
    ${row?.member && !row.archived && html`<${Composer} key=${ts} channelId=${channelId} threadTs=${ts}
      hint=${say(lang, "reply_to")} />`}
  </aside>`;
}

// The parent, a line that counts, and the replies.
function Posts({ messages, channelId, ts, mark }) {
  const { lang } = usePage();
  const parent = messages.filter((one) => one.ts === ts);
  const replies = messages.filter((one) => one.ts !== ts);
  const count = replies.filter((one) => !one.is_ephemeral).length;
  return html`
    <${MessageList} messages=${parent} channelId=${channelId} inThread />
    ${count > 0 && html`<p class="day" ><span>
      ${count === 1 ? say(lang, "replies_one") : say(lang, "replies", { n: count })}</span></p>`}
    <${MessageList} messages=${replies} channelId=${channelId} inThread mark=${mark} />`;
}
