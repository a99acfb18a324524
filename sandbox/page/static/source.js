// A message as the JSON that apps see, beside the channel.
import { html, useState } from "/sandbox/blockkit/index.js";

import { usePage } from "./host.js";
import { listKey } from "./store.js";
import { say } from "./words.js";

export function Source({ channelId, ts }) {
  const { state, lang, go } = usePage();
  const [copied, setCopied] = useState(false);
  const lists = [state.lists[channelId], ...Object.entries(state.lists)
    .filter(([key]) => key.startsWith(listKey(channelId, ""))).map(([, list]) => list)];
  const message = lists.flatMap((list) => list?.messages ?? []).find((one) => one.ts === ts);
  const text = message && JSON.stringify(message, null, 2);
  const close = () => go({ kind: "channel", id: channelId });
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
  };
  return html`<aside class="thread source" aria-label=${say(lang, "source")}
    onKeyDown=${(event) => event.key === "Escape" && close()}>
    <header class="main-head">
      <button type="button" class="tool back" onClick=${close} aria-label=${say(lang, "back")}>‹
      </button>
      <h1>${say(lang, "source")}</h1>
      <button type="button" class="plain-button copy" disabled=${!text} onClick=${copy}>
        ${say(lang, copied ? "copied" : "copy")}</button>
      <button type="button" class="tool wide-only" onClick=${close}
        aria-label=${say(lang, "close")}>×</button>
    </header>
    <pre class="scroll json" tabindex="0" role="region" aria-label="JSON">
      ${text ?? say(lang, "loading")}</pre>
  </aside>`;
}
