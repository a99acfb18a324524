// Text on the screen: plain_text and mrkdwn objects, mentions, dates, links.
import { formatDate } from "./dates.js";
import { emoji } from "./emoji.js";
import { html } from "./html.js";
import { safeLink } from "./links.js";
import { parseMrkdwn, unescaped } from "./mrkdwn.js";

// A text object of Block Kit.
export function TextObject({ text, host }) {
  if (text.type === "mrkdwn") return html`<${Mrkdwn} text=${text.text} host=${host} />`;
  return html`<span class="bk-plain">${plain(text)}</span>`;
}

// A plain_text object as a string, its emoji drawn.
export function plain(text) {
  const shown = unescaped(text?.text ?? "");
  if (text?.emoji === false) return shown;
  return shown.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}

// A mrkdwn text with its lines, quotes and code.
export function Mrkdwn({ text, host }) {
  const parts = parseMrkdwn(text);
  return html`<span class="bk-mrkdwn">
    ${parts.map((part, n) => blockOf(part, host, n, parts))}
  </span>`;
}

function blockOf(part, host, n, all) {
  if (part.kind === "pre") return html`<pre class="bk-pre">${part.text}</pre>`;
  if (part.kind === "quote") {
    return html`<blockquote class="bk-quote">${nodes(part.inner, host)}</blockquote>`;
  }
  const breaks = n + 1 < all.length && all[n + 1].kind === "line";
  return html`${nodes(part.inner, host)}${breaks ? html`<br />` : null}`;
}

// The nodes that mrkdwn.js and rich_text.js share, drawn.
export function nodes(list, host) {
  return list.map((node) => NODES[node.kind]?.(node, host) ?? null);
}

const NODES = {
  text: (node) => node.text,
  break: () => html`<br />`,
  bold: (node, host) => html`<strong>${nodes(node.inner, host)}</strong>`,
  italic: (node, host) => html`<em>${nodes(node.inner, host)}</em>`,
  strike: (node, host) => html`<s>${nodes(node.inner, host)}</s>`,
  underline: (node, host) => html`<u>${nodes(node.inner, host)}</u>`,
  code: (node) => html`<code class="bk-code">${node.text}</code>`,
  highlight: (node, host) => html`<mark class="bk-highlight">${nodes(node.inner, host)}</mark>`,
  color: (node) => html`<code class="bk-code"><span class="bk-swatch" aria-hidden="true"
    style=${{ backgroundColor: node.value }}></span>${node.value}</code>`,
  team: (node, host) => html`<span class="bk-mention">@${host.teamName?.(node.id) ?? node.id}</span>`,
  emoji: (node) => {
    const drawn = emoji(node.tone ? `${node.name}::skin-tone-${node.tone}` : node.name);
    if (!drawn) return `:${node.name}:`;
    return html`<span role="img" aria-label=${node.name} title=${`:${node.name}:`}>${drawn}</span>`;
  },
  link: (node, host) => anchor(node.url, nodes(node.inner, host)),
  user: (node, host) => {
    const name = host.personName?.(node.id) ?? node.label ?? node.id;
    const mine = node.id === host.me ? " bk-mention-me" : "";
    return html`<span class=${`bk-mention${mine}`}>@${name}</span>`;
  },
  channel: (node, host) => {
    const name = host.channelName?.(node.id) ?? node.label ?? node.id;
    const open = host.openChannel && (() => host.openChannel(node.id));
    if (!open) return html`<span class="bk-mention">#${name}</span>`;
    return html`<button type="button" class="bk-mention bk-linklike" onClick=${open}>
      #${name}
    </button>`;
  },
  group: (node, host) => {
    const name = node.label ?? host.groupName?.(node.id) ?? node.id;
    return html`<span class="bk-mention">${name.startsWith("@") ? name : `@${name}`}</span>`;
  },
  broadcast: (node) => html`<span class="bk-mention bk-mention-me">@${node.range}</span>`,
  date: (node, host) => {
    const shown = formatDate(node.seconds, node.format, host.locale, host.tz);
    const whole = formatDate(node.seconds, "{date_long} {time_secs}", host.locale, host.tz);
    const iso = new Date(node.seconds * 1000).toISOString();
    const time = html`<time datetime=${iso} title=${whole}>${shown || node.fallback}</time>`;
    return node.url ? anchor(node.url, time) : time;
  },
};

// A link where the address can run nothing, else the words alone.
export function anchor(url, inner) {
  const address = safeLink(url);
  if (!address) return html`<span title=${url}>${inner}</span>`;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${inner}</a>`;
}
