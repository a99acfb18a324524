// Markdown blocks: read by marked's lexer, drawn as nodes of our own. Its HTML is shown, never used.
import { emoji } from "./emoji.js";
import { html } from "./html.js";
import { anchor } from "./text.js";
import { lexer } from "./vendor/marked.js";

const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

export function Markdown({ text }) {
  return html`<div class="bk-markdown">${drawn(lexer(text))}</div>`;
}

function drawn(tokens) {
  return (tokens ?? []).map((token) => (DRAWN[token.type] ?? asWritten)(token));
}

function asWritten(token) {
  return token.tokens ? drawn(token.tokens) : written(token.raw ?? token.text);
}

// Signs that were escaped, as signs; emoji drawn.
function written(text) {
  return text
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => SIGNS[entity])
    .replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emoji(name) ?? whole);
}

function cells(row, name) {
  return row.map((cell) => html`<${name} class=${`bk-${cell.align ?? "left"}`}>
    ${drawn(cell.tokens)}</${name}>`);
}

function item(one) {
  const inner = drawn(one.tokens.filter((token) => token.type !== "checkbox"));
  if (!one.task) return html`<li>${inner}</li>`;
  return html`<li class="bk-task"><input type="checkbox" disabled checked=${one.checked}
    aria-label=${one.text} /> ${inner}</li>`;
}

const DRAWN = {
  space: () => null,
  paragraph: (token) => html`<p>${drawn(token.tokens)}</p>`,
  text: (token) => (token.tokens ? drawn(token.tokens) : written(token.text)),
  escape: (token) => token.text,
  heading: (token) => html`<p class=${`bk-md-heading bk-md-${token.depth}`} role="heading"
    aria-level=${Math.min(token.depth + 2, 6)}>${drawn(token.tokens)}</p>`,
  strong: (token) => html`<strong>${drawn(token.tokens)}</strong>`,
  em: (token) => html`<em>${drawn(token.tokens)}</em>`,
  del: (token) => html`<s>${drawn(token.tokens)}</s>`,
  codespan: (token) => html`<code class="bk-code">${token.text}</code>`,
  code: (token) => html`<pre class="bk-pre">${token.text}</pre>`,
  br: () => html`<br />`,
  hr: () => html`<hr class="bk-hr" />`,
  blockquote: (token) => html`<blockquote class="bk-quote">${drawn(token.tokens)}</blockquote>`,
  link: (token) => anchor(token.href, drawn(token.tokens)),
  image: (token) => anchor(token.href, token.text || token.href),
  list: (token) => (token.ordered
    ? html`<ol class="bk-list" start=${token.start || 1}>${token.items.map(item)}</ol>`
    : html`<ul class="bk-list">${token.items.map(item)}</ul>`),
  table: (token) => html`<table class="bk-table">
    <thead><tr>${cells(token.header, "th")}</tr></thead>
    <tbody>${token.rows.map((row) => html`<tr>${cells(row, "td")}</tr>`)}</tbody>
  </table>`,
};
