// People side by side: the page once for each, in a frame of its own. On a phone one of them shows.
import { html, useState } from "/sandbox/blockkit/index.js";

import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";
import { withQuery } from "./route.js";
import { say } from "./words.js";

export const MOST_PANES = 4;

// `shown` are the ids of the people side by side, `people` everybody one can act as.
export function Split({ shown: first, people, lang }) {
  const [shown, setShown] = useState(first);
  const [front, setFront] = useState(0);
  const put = (next) => {
    setShown(next);
    setFront(Math.min(front, next.length - 1));
    if (next.length === 1) location.href = withQuery({ as: next[0], split: null });
    else history.replaceState(null, "", withQuery({ as: next[0], split: next.slice(1).join(",") }));
  };
  const spare = people.find((one) => !shown.includes(one.id));
  return html`<main class="split">
    <h1 class="unseen">${say(lang, "side_by_side")}</h1>
    <div class="split-frames" data-front=${front}>
      ${shown.map((id, n) => html`<${Pane} key=${n} id=${id} people=${people} lang=${lang}
        front=${n === front} bring=${() => setFront(n)}
        change=${(next) => put(exchanged(shown, n, next))}
        remove=${() => put(shown.filter((_, m) => m !== n))} />`)}
    </div>
    ${spare && shown.length < MOST_PANES && html`<button type="button" class="plain-button add-pane"
      onClick=${() => put([...shown, spare.id])} title=${say(lang, "add_pane")}
      aria-label=${say(lang, "add_pane")}><${Icon} name="plus" /></button>`}
  </main>`;
}

// Somebody in place n; whoever of them stands beside already changes places.
function exchanged(shown, n, next) {
  return shown.map((one, m) => (m === n ? next : one === next ? shown[n] : one));
}

function Pane({ id, people, lang, front, bring, change, remove }) {
  const person = people.find((one) => one.id === id);
  const [address] = useState(() => withQuery({ as: id, split: null, framed: "1" }));
  const source = address.replace(/([?&])as=[^&#]*/, `$1as=${encodeURIComponent(id)}`);
  return html`<section class="pane" data-front=${front} aria-label=${person.real_name}>
    <header class="pane-head" onPointerDown=${bring}>
      <${Avatar} id=${id} name=${person.real_name} />
      <select aria-label=${say(lang, "act_as")} value=${id} onFocus=${bring}
        onChange=${(event) => change(event.target.value)}>
        ${people.map((one) => html`<option value=${one.id}>${one.real_name}</option>`)}
      </select>
      <button type="button" class="tool" onClick=${remove}
        aria-label=${say(lang, "close_pane", { name: person.real_name })}>×</button>
    </header>
    <iframe src=${source} title=${person.real_name}></iframe>
  </section>`;
}
