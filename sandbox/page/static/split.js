// Two people side by side: the page twice, each in a frame of its own.
import { html } from "/sandbox/blockkit/index.js";

import { withQuery } from "./route.js";
import { say } from "./words.js";

export function Split({ first, second, lang }) {
  const address = (person) => withQuery({ as: person, split: null, framed: "1" });
  return html`<div class="split">
    <div class="split-bar">
      <a class="plain-button" href=${withQuery({ split: null })}>${say(lang, "one_view")}</a>
    </div>
    <div class="split-frames">
      <iframe src=${address(first)} title=${first}></iframe>
      <iframe src=${address(second)} title=${second}></iframe>
    </div>
  </div>`;
}
