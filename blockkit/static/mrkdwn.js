// Slack's mrkdwn, read into a tree of plain objects. Nothing here touches the document: what was
// written can only ever become text, and links that links.js lets through.

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const WORD = /[\p{L}\p{N}_]/u;
const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const ADDRESS = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]，。；：！？）】]/uy;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/y;

// Undo Slack's three escapes.
export function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

// Read a whole mrkdwn text: a list of {kind: "pre" | "quote" | "line", inner | text}.
export function parseMrkdwn(source) {
  const found = [];
  let rest = source;
  for (;;) {
    const fence = /```\n?([^]+?)```\n?/.exec(rest);
    const before = fence ? rest.slice(0, fence.index).replace(/\n$/, "") : rest;
    if (before) found.push(...lines(before));
    if (!fence) return found;
    found.push({ kind: "pre", text: unescaped(fence[1]) });
    rest = rest.slice(fence.index + fence[0].length);
  }
}

function lines(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    const last = found.at(-1);
    if (quoted && last?.kind === "quote") last.inner.push({ kind: "break" }, ...inline(quoted[1]));
    else if (quoted) found.push({ kind: "quote", inner: inline(quoted[1]) });
    else found.push({ kind: "line", inner: inline(line) });
  }
  return found;
}

// Read one line: text, marks, code, emoji, and everything in <angle brackets>.
export function inline(text) {
  const found = [];
  let plain = "";
  const put = (node) => {
    if (plain) found.push({ kind: "text", text: unescaped(plain) });
    plain = "";
    found.push(node);
  };
  let at = 0;
  while (at < text.length) {
    const next = read(text, at);
    if (next) {
      put(next.node);
      at = next.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) found.push({ kind: "text", text: unescaped(plain) });
  return found;
}

// What begins at a place, with its end, or null for an ordinary character.
function read(text, at) {
  const sign = text[at];
  if (sign === "`") return readCode(text, at);
  if (sign === "<") return readAngle(text, at);
  if (sign in MARKS) return readMark(text, at);
  if (sign === ":") return matched(EMOJI, text, at, (m) => ({ kind: "emoji", name: m[1] }));
  if (sign === "h" && !WORD.test(text[at - 1] ?? "")) {
    return matched(ADDRESS, text, at, (m) => link(unescaped(m[0]), null));
  }
  return null;
}

function matched(pattern, text, at, node) {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { node: node(match), end: at + match[0].length };
}

function readCode(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: { kind: "code", text: unescaped(text.slice(at + 1, end)) }, end: end + 1 };
}

// *bold*, _italic_, ~struck~: a mark opens after a non-word and closes before one.
function readMark(text, at) {
  const sign = text[at];
  if (WORD.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ")) return null;
  for (let end = text.indexOf(sign, at + 1); end > 0; end = text.indexOf(sign, end + 1)) {
    if (end === at + 1) return null;
    if (!/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? "")) {
      const inner = inline(text.slice(at + 1, end));
      return { node: { kind: MARKS[sign], inner }, end: end + 1 };
    }
  }
  return null;
}

function readAngle(text, at) {
  const end = text.indexOf(">", at + 1);
  if (end < 0) return null;
  const node = angle(text.slice(at + 1, end));
  return node && { node, end: end + 1 };
}

// <@U1>, <#C1|name>, <!here>, <!subteam^S1>, <!date^…|…>, <https://…|label>
function angle(content) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? null : unescaped(content.slice(bar + 1));
  if (/^@[UWB]\w*$/.test(target)) return { kind: "user", id: target.slice(1), label };
  if (/^#[CGD]\w*$/.test(target)) return { kind: "channel", id: target.slice(1), label };
  if (target.startsWith("!")) return special(target.slice(1), label);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return link(unescaped(target), label);
  return null;
}

function special(content, label) {
  const [word, ...rest] = content.split("^");
  if (["here", "channel", "everyone"].includes(word)) return { kind: "broadcast", range: word };
  if (word === "subteam") return { kind: "group", id: rest[0], label };
  if (word === "date" && /^\d+$/.test(rest[0] ?? "")) {
    const [seconds, format, address] = rest;
    const url = address ? unescaped(address) : null;
    return { kind: "date", seconds: Number(seconds), format: format ?? "", url, fallback: label };
  }
  return label === null ? null : { kind: "text", text: label };
}

function link(url, label) {
  return { kind: "link", url, inner: [{ kind: "text", text: label ?? url }] };
}
