// Messages, one under the other, with a line between days.
import { dayOf, formatMoment, html, nearDay } from "/sandbox/blockkit/index.js";

import { usePage } from "./host.js";
import { Message } from "./message.js";

const TOGETHER_SECONDS = 300;

// `inThread` leaves out what belongs to the channel only.
export function MessageList({ messages, channelId, inThread, mark }) {
  const { state, lang } = usePage();
  const { tz } = state.me;
  let lastDay = null;
  let last = null;
  return html`<ol class="messages">
    ${messages.map((message) => {
      const seconds = Number(message.ts);
      const day = dayOf(seconds, tz);
      const opensDay = day !== lastDay && !inThread;
      const follows = !opensDay && last && sameAuthor(last, message)
        && seconds - Number(last.ts) < TOGETHER_SECONDS;
      lastDay = day;
      last = message;
      return html`
        ${opensDay && html`<li class="day" key=${day} aria-hidden="true"><span>
          ${nearDay(seconds, lang, tz) ?? formatMoment(seconds, "date_long", lang, tz)}
        </span></li>`}
        <${Message} key=${message.ts} message=${message} channelId=${channelId}
          follows=${follows} inThread=${inThread} marked=${message.ts === mark} />`;
    })}
  </ol>`;
}

function sameAuthor(one, other) {
  return one.user === other.user && one.bot_id === other.bot_id
    && one.username === other.username && !one.is_ephemeral && !other.is_ephemeral
    && !other.blocks && one.subtype !== "tombstone";
}
