// Rich text blocks: sections, lists, quotes and preformatted text.
import { html } from "./html.js";
import { nodes } from "./text.js";

// A rich_text block's elements, one under the other.
export function RichText({ block, host }) {
  return html`<div class="bk-rich">${block.elements.map((part) => drawn(part, host))}</div>`;
}

function drawn(part, host) {
  const inner = (part.elements ?? []).flatMap((element) => inlineNodes(element));
  if (part.type === "rich_text_section") {
    return html`<div class="bk-rich-section">${nodes(inner, host)}</div>`;
  }
  if (part.type === "rich_text_preformatted") {
    return html`<pre class=${`bk-pre${bordered(part)}`}>${nodes(inner, host)}</pre>`;
  }
  if (part.type === "rich_text_quote") {
    return html`<blockquote class=${`bk-quote${bordered(part)}`}>${nodes(inner, host)}</blockquote>`;
  }
  if (part.type === "rich_text_list") return list(part, host);
  return null;
}

function bordered(part) {
  return part.border ? " bk-border" : "";
}

function list(part, host) {
  const name = part.style === "ordered" ? "ol" : "ul";
  const depth = Math.min(part.indent ?? 0, 8);
  const items = part.elements.map(
    (item) => html`<li>${nodes(item.elements.flatMap((one) => inlineNodes(one)), host)}</li>`,
  );
  const start = part.style === "ordered" ? (part.offset ?? 0) + 1 : undefined;
  return html`<${name} class=${`bk-list bk-indent-${depth}${bordered(part)}`} start=${start}>${items}</${name}>`;
}

// A rich text element as the nodes of text.js, its style wrapped around it.
function inlineNodes(element) {
  const style = element.style ?? {};
  let found = bare(element, style.code);
  for (const mark of ["bold", "italic", "strike", "underline", "highlight"]) {
    if (style[mark]) found = [{ kind: mark, inner: found }];
  }
  return found;
}

function bare(element, asCode) {
  switch (element.type) {
    case "text":
      return asCode ? [{ kind: "code", text: element.text }] : lines(element.text);
    case "link":
      return [{ kind: "link", url: element.url, inner: lines(element.text || element.url) }];
    case "emoji":
      return [{ kind: "emoji", name: element.name, tone: element.skin_tone }];
    case "user":
      return [{ kind: "user", id: element.user_id }];
    case "channel":
      return [{ kind: "channel", id: element.channel_id }];
    case "usergroup":
      return [{ kind: "group", id: element.usergroup_id }];
    case "broadcast":
      return [{ kind: "broadcast", range: element.range }];
    case "date":
      return [{ ...element, kind: "date", seconds: Number(element.timestamp) }];
    case "color":
      return /^#[0-9a-f]{3,8}$/i.test(element.value)
        ? [{ kind: "color", value: element.value }]
        : [{ kind: "code", text: element.value }];
    case "team":
      return [{ kind: "team", id: element.team_id }];
    default:
      return [];
  }
}

function lines(text) {
  return text.split("\n").flatMap((line, n) => {
    const own = line ? [{ kind: "text", text: line }] : [];
    return n ? [{ kind: "break" }, ...own] : own;
  });
}
