// Rich text input: an editable field with bold, italic, strike and lists, read into a rich_text block.
import { html, useLayoutEffect, useRef } from "./html.js";
import { plain } from "./text.js";
import { word } from "./words.js";

const MARKS = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike",
  DEL: "strike", CODE: "code", U: "underline" };
const TAGS = { bold: "b", italic: "i", strike: "s", code: "code", underline: "u" };
const TOOLS = [["bold", "B"], ["italic", "I"], ["strikeThrough", "S"],
  ["insertUnorderedList", "•"], ["insertOrderedList", "1."]];

const isList = ({ nodeName }) => nodeName === "UL" || nodeName === "OL";
const isLine = ({ nodeName }) => nodeName === "DIV" || nodeName === "P";

// What stands in the field, as a rich_text block; null where nothing does.
export function readEditor(root) {
  const parts = [];
  for (const node of flat(root)) {
    if (isList(node)) {
      parts.push(readList(node));
      continue;
    }
    if (parts.at(-1)?.type !== "rich_text_section") {
      parts.push({ type: "rich_text_section", elements: [] });
    }
    const line = parts.at(-1).elements;
    if (line.length && isLine(node)) line.push({ type: "text", text: "\n" });
    line.push(...inlineOf(node, {}));
  }
  const kept = parts.map(joined).filter((part) => part.elements.length);
  return kept.length ? { type: "rich_text", elements: kept } : null;
}

// The field's nodes; browsers put lists into lines, where they are looked for.
function flat(root) {
  return [...root.childNodes].flatMap((node) =>
    (isLine(node) && node.querySelector("ul, ol") ? flat(node) : [node]));
}

function readList(node) {
  const elements = [...node.children].map((item) =>
    joined({ type: "rich_text_section", elements: inlineOf(item, {}) }));
  const style = node.nodeName === "OL" ? "ordered" : "bullet";
  return { type: "rich_text_list", style, indent: 0, elements };
}

function inlineOf(node, style) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (!node.data) return [];
    const marked = Object.keys(style).length ? { style } : {};
    return [{ type: "text", text: node.data, ...marked }];
  }
  if (node.nodeName === "BR") return [{ type: "text", text: "\n" }];
  const mark = MARKS[node.nodeName];
  const inner = mark ? { ...style, [mark]: true } : style;
  return [...node.childNodes].flatMap((child) => inlineOf(child, inner));
}

// Neighbours of one style as one; the break that browsers leave at the end of a line dropped.
function joined(part) {
  if (part.type === "rich_text_list") return part;
  const elements = [];
  for (const one of part.elements) {
    const last = elements.at(-1);
    if (last && JSON.stringify(last.style) === JSON.stringify(one.style)) last.text += one.text;
    else elements.push({ ...one });
  }
  if (elements.length === 1 && elements[0].text === "\n") elements.pop();
  return { ...part, elements };
}

// The nodes of a rich_text block; what an editor cannot change (mentions, dates) stands as text.
function written(value) {
  return (value?.elements ?? []).flatMap((part) => {
    if (part.type === "rich_text_list") {
      const list = document.createElement(part.style === "ordered" ? "ol" : "ul");
      for (const item of part.elements) {
        const row = document.createElement("li");
        row.append(...item.elements.map(inlineNode));
        list.append(row);
      }
      return [list];
    }
    return (part.elements ?? []).map(inlineNode);
  });
}

function inlineNode(element) {
  const words = element.text ?? element.url ?? element.user_id ?? element.name ?? "";
  let node = document.createTextNode(words);
  for (const [mark, tag] of Object.entries(TAGS)) {
    if (!element.style?.[mark]) continue;
    const around = document.createElement(tag);
    around.append(node);
    node = around;
  }
  return node;
}

export function Editor({ element, value, change, host, label, invalid, describedBy }) {
  const field = useRef(null);
  const told = useRef(undefined);
  useLayoutEffect(() => {
    if (told.current !== undefined && JSON.stringify(value) === told.current) return;
    told.current = JSON.stringify(value);
    field.current.replaceChildren(...written(value));
  }, [value]);
  const read = () => {
    const next = readEditor(field.current);
    told.current = JSON.stringify(next);
    change(next, false);
  };
  const run = (command) => {
    field.current.focus();
    document.execCommand(command);
    read();
  };
  const paste = (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  };
  return html`<div class=${`bk-editor${invalid ? " bk-invalid" : ""}`}>
    <div class="bk-tools" role="toolbar" aria-label=${word(host.locale, "formatting")}>
      ${TOOLS.map(([command, sign]) => html`<button type="button" class=${`bk-tool bk-do-${command}`}
        aria-label=${word(host.locale, `do_${command}`)}
        onMouseDown=${(event) => event.preventDefault()}
        data-sign=${sign} onClick=${() => run(command)}></button>`)}
    </div>
    <div class="bk-editable" ref=${field} contenteditable="true" role="textbox" aria-multiline="true"
      aria-label=${label} aria-invalid=${invalid || undefined} aria-describedby=${describedBy}
      aria-placeholder=${plain(element.placeholder) || undefined} tabindex="0"
      data-placeholder=${plain(element.placeholder)} autofocus=${element.focus_on_load}
      onInput=${read} onPaste=${paste}></div>
  </div>`;
}
