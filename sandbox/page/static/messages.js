// Messages, one under the other, with a line between days and one where the new ones begin.
import { dayOf, formatMoment, html, memo, nearDay } from "/sandbox/blockkit/index.js";

import { Page, usePage } from "./host.js";
import { Message } from "./message.js";
import { say } from "./words.js";

const TOGETHER_SECONDS = 300;

// `inThread` leaves out what belongs to the channel only; `fresh` is the last message read before.
export function MessageList({ messages, channelId, inThread, mark, fresh }) {
  const page = usePage();
  const { state, lang } = page;
  const { tz } = state.me;
  const newest = fresh && messages.find((one) => one.ts > fresh && one.user !== state.me.id);
  let lastDay = null;
  let last = null;
  return html`<ol class="messages">
    ${messages.map((message) => {
      const seconds = Number(message.ts);
      const day = dayOf(seconds, tz);
      const opensDay = day !== lastDay && !inThread;
      const isNew = message === newest;
      const follows = Boolean(!opensDay && !isNew && last && sameAuthor(last, message)
        && seconds - Number(last.ts) < TOGETHER_SECONDS);
      lastDay = day;
      last = message;
      return html`
        ${opensDay && html`<li class="day" key=${day}><span>
          ${nearDay(seconds, lang, tz) ?? formatMoment(seconds, "date_long", lang, tz)}
        </span></li>`}
        ${isNew && html`<li class="day fresh" key="fresh"><span>${say(lang, "fresh")}</span></li>`}
        <${Row} key=${message.ts} page=${page} message=${message} channelId=${channelId}
          follows=${follows} inThread=${inThread} marked=${message.ts === mark} />`;
    })}
  </ol>`;
}

// A message draws itself again when something that it shows is another one: with hundreds of them on
// the screen, not at every letter typed and every change elsewhere.
const Row = memo(
  ({ page, ...rest }) => html`<${Page.Provider} value=${page}><${Message} ...${rest} />
    </${Page.Provider}>`,
  (before, after) => ["message", "follows", "marked"].every((name) => before[name] === after[name])
    && before.page.lang === after.page.lang
    && shownOf(before).every((part, n) => part === shownOf(after)[n]),
);

function shownOf({ page, message, channelId }) {
  const { me, people, channels, groups, apps, busy, warnings, errors, inputs } = page.state;
  const typed = inputs[`${channelId}:${message.ts}`];
  return [me, people, channels.size, groups, apps, busy, warnings, errors, typed];
}

function sameAuthor(one, other) {
  return one.user === other.user && one.bot_id === other.bot_id
    && one.username === other.username && !one.is_ephemeral && !other.is_ephemeral
    && !other.blocks && one.subtype !== "tombstone";
}
