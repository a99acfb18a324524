// Any block element: chooses how to draw it, and how its use is told to the host.
import { ask } from "./confirm.js";
import { Editor } from "./editor.js";
import { html, useRef, useState } from "./html.js";
import { Boxes, Files, TextInput } from "./inputs.js";
import { safeLink, safePicture } from "./links.js";
import { Floating, useHighlight } from "./menu.js";
import { DatePicker, MomentPicker, TimePicker } from "./pickers.js";
import { Select } from "./select.js";
import { plain } from "./text.js";
import { stateOf, valueOf } from "./values.js";
import { word } from "./words.js";

const DRAWN = {
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: Editor,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: MomentPicker,
  checkboxes: Boxes,
  radio_buttons: Boxes,
  file_input: Files,
};

// One element in its block. `label` names it for screen readers where its block does not.
export function Element({ block, element, host, label, invalid, describedBy }) {
  if (element.type === "button" || element.type === "workflow_button") {
    return html`<${Button} block=${block} element=${element} host=${host} />`;
  }
  if (element.type === "overflow") {
    return html`<${Overflow} block=${block} element=${element} host=${host} />`;
  }
  if (element.type === "image") return html`<${Picture} image=${element} host=${host} small />`;
  const Drawn = /_select$/.test(element.type) ? Select : DRAWN[element.type];
  if (!Drawn) {
    return html`<em>${word(host.locale, "unknown_block", { name: element.type })}</em>`;
  }
  return html`<${Holding} Drawn=${Drawn} block=${block} element=${element} host=${host}
    label=${label ?? (plain(element.placeholder) || element.action_id)} invalid=${invalid}
    describedBy=${describedBy} />`;
}

// An element that holds a value. Outside of input blocks every choice is told to the app; inside,
// only where the block dispatches.
function Holding({ Drawn, block, element, host, label, invalid, describedBy }) {
  const own = useRef(null);
  const [, redraw] = useState(0);
  const value = valueOf(element, host.stateOf?.(block.block_id, element.action_id));
  const told = block.type !== "input" || Boolean(block.dispatch_action);
  const change = async (next, act = true) => {
    if (element.confirm && !(await ask(element.confirm, host, own.current))) {
      redraw((n) => n + 1); // a box that the browser has ticked meanwhile
      return;
    }
    const state = stateOf(element, next);
    if (act && told) host.act?.(block, element, next, state);
    else host.put?.(block, element, state);
  };
  const load = (query) => host.loadOptions?.(block, element, query);
  return html`<div class="bk-holding" ref=${own}>
    <${Drawn} element=${element} value=${value} change=${change} host=${host} load=${load}
      label=${label} invalid=${invalid} describedBy=${describedBy} told=${told}
      clearable=${Boolean(block.type === "input" && block.optional)} />
  </div>`;
}

function Button({ block, element, host }) {
  const own = useRef(null);
  const busy = host.isBusy?.(block.block_id, element.action_id);
  const press = async () => {
    if (element.confirm && !(await ask(element.confirm, host, own.current))) return;
    const address = element.url && safeLink(element.url);
    if (address) host.openLink?.(address);
    host.act?.(block, element);
  };
  const style = element.style ? ` bk-${element.style}` : "";
  return html`<button type="button" ref=${own} class=${`bk-button${style}`} onClick=${press}
    disabled=${busy} aria-busy=${busy || undefined} aria-label=${element.accessibility_label}>
    ${busy && html`<span class="bk-spinner" aria-hidden="true"></span>`}
    <span>${plain(element.text)}</span>
  </button>`;
}

function Overflow({ block, element, host }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(null);
  const choose = async (option) => {
    setOpen(false);
    anchor.current.focus();
    if (element.confirm && !(await ask(element.confirm, host, anchor.current))) return;
    const address = option.url && safeLink(option.url);
    if (address) host.openLink?.(address);
    host.act?.(block, element, option.value);
  };
  return html`<span class="bk-overflow">
    <button type="button" class="bk-button bk-dots" ref=${anchor} aria-haspopup="menu"
      aria-expanded=${open} aria-label=${word(host.locale, "more_actions")}
      onClick=${() => setOpen(!open)}>⋯</button>
    ${open && html`<${Menu} anchor=${anchor} options=${element.options} choose=${choose}
      close=${() => setOpen(false)} label=${word(host.locale, "more_actions")} />`}
  </span>`;
}

// A menu of options under a button, driven by the arrow keys.
export function Menu({ anchor, options, choose, close, label }) {
  const [at, setAt, move] = useHighlight(options.length);
  const key = (event) => {
    event.stopPropagation();
    if (move(event)) event.currentTarget.children[at]?.focus();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      close();
      anchor.current.focus();
    }
  };
  const focus = (item, n) => item && n === at && item.focus();
  return html`<${Floating} anchor=${anchor} close=${close}>
    <div role="menu" aria-label=${label} class="bk-options" onKeyDown=${key}>
      ${options.map((option, n) => html`<button type="button" role="menuitem" tabindex="-1"
        class=${`bk-option${n === at ? " bk-at" : ""}`} ref=${(item) => focus(item, n)}
        onPointerMove=${() => n !== at && setAt(n)} onClick=${() => choose(option)}>
        <span class="bk-option-text">${plain(option.text)}</span>
        ${option.description && html`<small>${plain(option.description)}</small>`}
      </button>`)}
    </div>
  </${Floating}>`;
}

// A picture, when it lies here or on this machine; a named placeholder for anything further away.
export function Picture({ image, host, small }) {
  const [broken, setBroken] = useState(false);
  const given = image.image_url ?? image.slack_file?.url ?? host.fileUrl?.(image.slack_file?.id);
  const source = given && safePicture(given);
  if (!source || broken) {
    const address = given && safeLink(given);
    const text = word(host.locale, "image_away", { name: image.alt_text });
    if (small) {
      return html`<span class="bk-away bk-small" role="img" aria-label=${image.alt_text}
        title=${given}>▢</span>`;
    }
    return html`<span class="bk-away">
      ${address
        ? html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${text}</a>`
        : text}
    </span>`;
  }
  return html`<img class=${small ? "bk-thumb" : "bk-image"} src=${source} alt=${image.alt_text}
    loading="lazy" onError=${() => setBroken(true)} />`;
}
