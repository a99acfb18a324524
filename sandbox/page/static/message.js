// One message: who, when, what, and what can be done with it.
import {
  Blocks,
  Menu,
  Mrkdwn,
  Picture,
  formatMoment,
  html,
  useRef,
  useState,
} from "/sandbox/blockkit/index.js";

import { Avatar } from "./avatar.js";
import { hostFor, personName, usePage } from "./host.js";
import { Icon } from "./icons.js";
import { say } from "./words.js";

const REACTIONS = ["eyes", "white_check_mark", "+1"];
const LANG_FREE = { locale: "en" };

export function Message({ message, channelId, follows, inThread, marked }) {
  const page = usePage();
  const { state, lang } = page;
  const seconds = Number(message.ts);
  const blocks = message.blocks ?? [];
  const inAttachments = (message.attachments ?? []).flatMap((one) => one.blocks ?? []);
  const surface = {
    place: { channel: channelId, ts: message.ts },
    key: `${channelId}:${message.ts}`,
    blocks: [...blocks, ...inAttachments],
  };
  const host = hostFor(page, surface);
  const name = authorOf(state, message);
  const time = formatMoment(seconds, "time", lang, state.me.tz);
  const whole = formatMoment(seconds, "date_long", lang, state.me.tz);
  const gone = message.subtype === "tombstone";
  return html`<li class="message" data-ts=${message.ts} data-follows=${Boolean(follows)}
    data-marked=${Boolean(marked)} data-ephemeral=${Boolean(message.is_ephemeral)}>
    <div class="message-side">
      ${follows ? html`<time class="side-time">${time}</time>`
        : html`<${Avatar} id=${message.user} name=${name} app=${Boolean(message.bot_id)} />`}
    </div>
    <div class="message-body">
      ${!follows && html`<p class="byline">
        <strong>${name}</strong>
        ${message.bot_id && html`<span class="badge">${say(lang, "app_badge")}</span>`}
        <time datetime=${new Date(seconds * 1000).toISOString()} title=${`${whole} ${time}`}>
          ${time}</time>
      </p>`}
      ${message.is_ephemeral && html`<p class="only-you">
        <${Icon} name="eye" /> ${say(lang, "only_you")}</p>`}
      ${message.subtype === "thread_broadcast" && html`<p class="only-you">
        ${say(lang, "also_in_channel")}</p>`}
      ${gone ? html`<p class="tombstone">${say(lang, "deleted_message")}</p>`
        : html`<${Content} message=${message} blocks=${blocks} host=${host} />`}
      ${message.edited && !message.bot_id && html`<span class="edited">
        ${say(lang, "edited")}</span>`}
      <${Reactions} message=${message} channelId=${channelId} />
      ${!inThread && message.reply_count > 0 && html`<${Replies} message=${message}
        channelId=${channelId} />`}
    </div>
    ${!gone && html`<${Tools} message=${message} channelId=${channelId} inThread=${inThread} />`}
  </li>`;
}

function authorOf(state, message) {
  return message.username ?? (message.user ? personName(state, message.user) : null)
    ?? message.bot_profile?.name ?? message.bot_id;
}

// Blocks where there are some, else the text; then attachments and files.
function Content({ message, blocks, host }) {
  return html`
    ${blocks.length > 0
      ? html`<${Blocks} blocks=${blocks} host=${host} />`
      : message.text && html`<div class="text"><${Mrkdwn} text=${message.text} host=${host} /></div>`}
    ${(message.attachments ?? []).map((one) => html`<${Attachment} attachment=${one}
      host=${host} />`)}
    ${(message.files ?? []).map((file) => html`<${File} file=${file} host=${host} />`)}`;
}

function Attachment({ attachment, host }) {
  return html`<div class="attachment">
    ${attachment.pretext && html`<p><${Mrkdwn} text=${attachment.pretext} host=${host} /></p>`}
    ${attachment.title && html`<p><strong>${attachment.title}</strong></p>`}
    ${attachment.blocks
      ? html`<${Blocks} blocks=${attachment.blocks} host=${host} />`
      : html`<${Mrkdwn} text=${attachment.text ?? attachment.fallback ?? ""} host=${host} />`}
  </div>`;
}

function File({ file, host }) {
  const { lang } = usePage();
  const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.mimetype);
  const size = say(lang, "file_size", { size: Math.max(1, Math.round(file.size / 1024)) });
  if (picture) {
    const image = { image_url: file.url_private, alt_text: file.title };
    return html`<${Picture} image=${image} host=${host} />`;
  }
  return html`<p class="file"><a href=${file.url_private} target="_blank" rel="noopener">
    ${file.title}</a> <span>${size}</span></p>`;
}

function Reactions({ message, channelId }) {
  const { state, actions } = usePage();
  const given = message.reactions ?? [];
  if (!given.length) return null;
  return html`<p class="reactions">
    ${given.map(({ name, count, users }) => html`<button type="button" class="reaction"
      aria-pressed=${users.includes(state.me.id)}
      title=${users.map((id) => personName(state, id)).join(", ")}
      onClick=${() => actions.react(channelId, message.ts, name)}>
      <${Mrkdwn} text=${`:${name}:`} host=${LANG_FREE} /> ${count}</button>`)}
  </p>`;
}

function Replies({ message, channelId }) {
  const { lang, go } = usePage();
  const count = message.reply_count;
  return html`<button type="button" class="replies"
    onClick=${() => go({ kind: "channel", id: channelId, thread: message.ts })}>
    ${count === 1 ? say(lang, "replies_one") : say(lang, "replies", { n: count })}
  </button>`;
}

// What can be done with a message: reply, react, copy its link, use the apps' shortcuts on it.
function Tools({ message, channelId, inThread }) {
  const { state, actions, lang, go } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef(null);
  const shortcuts = state.apps.flatMap((app) => app.shortcuts.filter((s) => s.kind === "message"));
  const parent = message.thread_ts ?? message.ts;
  const entry = (value, text, run) => ({ value, text: { text }, run });
  const entries = [
    ...(message.is_ephemeral ? [] : REACTIONS.map((name) =>
      entry(name, say(lang, "react", { name: `:${name}:` }),
        () => actions.react(channelId, message.ts, name)))),
    entry("source", say(lang, "source"),
      () => go({ kind: "channel", id: channelId, source: message.ts, mark: inThread ? undefined
        : message.ts })),
    entry("link", say(lang, "copy_link"), () => copyLink(channelId, message)),
    ...(message.is_ephemeral ? [] : shortcuts.map((shortcut) =>
      entry(shortcut.callback_id, shortcut.name, () => actions.shortcut({
        callback_id: shortcut.callback_id, channel: channelId, ts: message.ts,
      })))),
  ];
  const choose = (chosen) => {
    setOpen(false);
    chosen.run();
  };
  const name = authorOf(state, message);
  return html`<div class="message-tools" data-open=${open} role="group"
    aria-label=${say(lang, "tools_of", { name })}>
    ${!inThread && !message.is_ephemeral && html`<button type="button" class="tool"
      title=${say(lang, "reply_in_thread")} aria-label=${say(lang, "reply_in_thread")}
      onClick=${() => go({ kind: "channel", id: channelId, thread: parent })}>
      <${Icon} name="reply" /></button>`}
    <button type="button" class="tool" ref=${anchor} aria-haspopup="menu" aria-expanded=${open}
      aria-label=${say(lang, "message_actions")} onClick=${() => setOpen(!open)}>⋯</button>
    ${open && html`<${Menu} anchor=${anchor} options=${entries} choose=${choose}
      close=${() => setOpen(false)} label=${say(lang, "message_actions")} />`}
  </div>`;
}

function copyLink(channelId, message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts
    ? `?thread_ts=${message.thread_ts}&cid=${channelId}` : "";
  const link = `/archives/${channelId}/p${message.ts.replace(".", "")}${thread}`;
  navigator.clipboard?.writeText(location.origin + link);
}
