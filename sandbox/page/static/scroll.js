// What scrolls: stays at the end while the reader is there, and where they are otherwise; reads on
// when they come near either end.
import { html, useEffect, useLayoutEffect, useRef } from "/sandbox/blockkit/index.js";

import { usePage } from "./host.js";
import { say } from "./words.js";

const NEAR_END = 80;
const READ_AHEAD = 600;

export function Scroll({ list, channelId, name, children }) {
  const { state, lang, actions, go } = usePage();
  const own = useRef(null);
  const before = useRef({ anchor: null, top: 0, at: 0, atEnd: true });
  const { mark } = state.route;
  useLayoutEffect(() => {
    const box = own.current;
    const { anchor, top, atEnd, at } = before.current;
    const kept = anchor && box.querySelector(`[data-ts="${anchor}"]`);
    // What the reader has scrolled since, which the browser has not told of yet.
    const since = box.scrollTop - at;
    if (atEnd && since > -NEAR_END && !mark && !list?.later) box.scrollTop = box.scrollHeight;
    else if (kept) box.scrollTop = kept.offsetTop - top + since;
    remember(box, before.current, mark || list?.later);
  });
  useEffect(() => {
    const marked = mark && own.current.querySelector(`[data-ts="${mark}"]`);
    marked?.scrollIntoView({ block: "center" });
    if (marked) before.current.atEnd = false;
  }, [mark, Boolean(list)]);
  useEffect(() => {
    // Pictures grow the list after it was drawn.
    const grown = () => {
      if (before.current.atEnd && !mark) own.current.scrollTop = own.current.scrollHeight;
    };
    const box = own.current;
    box.addEventListener("load", grown, true);
    return () => box.removeEventListener("load", grown, true);
  }, [mark]);
  const scrolled = () => {
    const box = own.current;
    remember(box, before.current, list?.later);
    if (box.scrollTop < READ_AHEAD) actions.load(channelId, { way: "older" });
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (left < READ_AHEAD) actions.load(channelId, { way: "newer" });
    if (before.current.atEnd) actions.markRead(channelId);
  };
  return html`<div class="scroll-frame">
    <div class="scroll" ref=${own} onScroll=${scrolled} role="log" tabindex="0"
      aria-label=${say(lang, "log", { name })}>${children}</div>
    ${list?.later && html`<button type="button" class="plain-button to-latest"
      onClick=${() => {
        before.current = { anchor: null, top: 0, at: own.current.scrollTop, atEnd: true };
        go({ kind: "channel", id: channelId });
      }}>
      ${say(lang, "to_latest")} ↓</button>`}
  </div>`;
}

// Where the reader is: at the end, and which message stands where at the top of what they see.
function remember(box, place, elsewhere) {
  const rows = box.querySelectorAll("[data-ts]");
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].offsetTop + rows[middle].offsetHeight > box.scrollTop) high = middle;
    else low = middle + 1;
  }
  place.at = box.scrollTop;
  place.anchor = rows[low]?.dataset.ts ?? null;
  place.top = rows[low] ? rows[low].offsetTop - box.scrollTop : 0;
  place.atEnd = !elsewhere && box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
}
