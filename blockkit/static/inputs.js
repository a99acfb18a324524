// Elements that are typed or ticked: texts, numbers, dates, boxes, radios, files.
import { fromLocalInput, toLocalInput } from "./dates.js";
import { html, useId } from "./html.js";
import { TextObject, plain } from "./text.js";
import { word } from "./words.js";

const TYPES = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
  plain_text_input: "text",
  rich_text_input: "text",
};

// Whether pressing Enter, or typing, is to be told to the app at once.
function dispatches(element, when) {
  const wanted = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return wanted.includes(when);
}

// A field for text, an address or a number. `change(value, act)`: `act` true tells the app.
export function TextInput({ element, value, change, host, label, invalid, describedBy }) {
  const rich = element.type === "rich_text_input";
  const text = rich ? richToText(value) : (value ?? "");
  const own = (typed) => (rich ? textToRich(typed) : typed || null);
  const long = rich || element.multiline;
  const left = element.max_length ? element.max_length - text.length : null;
  const common = {
    "aria-label": label,
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy,
    class: `bk-input${invalid ? " bk-invalid" : ""}`,
    placeholder: plain(element.placeholder),
    value: text,
    autofocus: element.focus_on_load,
    maxLength: element.max_length ?? 3000,
    onInput: (event) =>
      change(own(event.target.value), dispatches(element, "on_character_entered")),
    onKeyDown: (event) => {
      if (event.key !== "Enter" || (long && !event.ctrlKey && !event.metaKey)) return;
      if (!event.isComposing) change(own(event.target.value), dispatches(element, "on_enter_pressed"));
    },
  };
  const field = long
    ? html`<textarea rows="4" ...${common}></textarea>`
    : html`<input type=${TYPES[element.type]} ...${common}
        inputmode=${element.type === "number_input" ? "decimal" : undefined} />`;
  return html`${field}${left !== null && left < 30
    && html`<div class="bk-note" role="status">${word(host.locale, "left", { n: left })}</div>`}`;
}

function richToText(value) {
  const parts = value?.elements ?? [];
  const inner = (part) => (part.elements ?? []).map((one) => one.text ?? "").join("");
  return parts.map(inner).join("\n");
}

function textToRich(text) {
  if (!text) return null;
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}

// A date, a time, or a moment in the reader's zone: the browser's own pickers.
export function Picker({ element, value, change, host, label, invalid }) {
  const kinds = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
  const moment = element.type === "datetimepicker";
  const shown = moment && value ? toLocalInput(value, host.tz) : (value ?? "");
  const own = (typed) => (typed && moment ? fromLocalInput(typed, host.tz) : typed || null);
  return html`<input type=${kinds[element.type]} class=${`bk-input bk-picker${
    invalid ? " bk-invalid" : ""}`} aria-label=${label} aria-invalid=${invalid || undefined}
    value=${shown} autofocus=${element.focus_on_load} title=${plain(element.placeholder)}
    onChange=${(event) => change(own(event.target.value), true)} />`;
}

// Checkboxes and radio buttons.
export function Boxes({ element, value, change, host, label }) {
  const many = element.type === "checkboxes";
  const name = useId();
  const chosen = many ? value.map((one) => one.value) : [value?.value];
  const toggle = (option) => {
    if (!many) change(option, true);
    else if (!chosen.includes(option.value)) change([...value, option], true);
    else change(value.filter((one) => one.value !== option.value), true);
  };
  return html`<div role=${many ? "group" : "radiogroup"} aria-label=${label} class="bk-boxes">
    ${element.options.map((option) => html`<label class="bk-box">
      <input type=${many ? "checkbox" : "radio"} name=${name}
        checked=${chosen.includes(option.value)} onChange=${() => toggle(option)} />
      <span>
        <${TextObject} text=${option.text} host=${host} />
        ${option.description && html`<small>
          <${TextObject} text=${option.description} host=${host} /></small>`}
      </span>
    </label>`)}
  </div>`;
}

// Files: handed to the host, which uploads them and gives back what Slack would hold.
export function Files({ element, value, change, host, label, invalid }) {
  const most = element.max_files ?? 10;
  const accept = (element.filetypes ?? []).map((type) => `.${type}`).join(",");
  const add = async (event) => {
    const files = [...event.target.files].slice(0, most - value.length);
    event.target.value = "";
    const stored = await Promise.all(files.map((file) => host.upload?.(file)));
    change([...value, ...stored.filter(Boolean)], true);
  };
  return html`<div class="bk-files">
    ${value.map((file) => html`<span class="bk-chip"><span>${file.name}</span>
      <button type="button" aria-label=${word(host.locale, "remove", { name: file.name })}
        onClick=${() => change(value.filter((one) => one.id !== file.id), true)}>×</button>
    </span>`)}
    ${value.length < most && html`<input type="file" class="bk-file" multiple=${most > 1}
      accept=${accept || undefined} aria-label=${label} aria-invalid=${invalid || undefined}
      disabled=${!host.upload} onChange=${add} />`}
  </div>`;
}
