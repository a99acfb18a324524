// Elements that are typed or ticked: texts, numbers, boxes, radios, files.
import { html, useId, useState } from "./html.js";
import { TextObject, plain } from "./text.js";
import { word } from "./words.js";

const TYPES = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
  plain_text_input: "text",
};

// Whether pressing Enter, or typing, is to be told to the app at once.
function dispatches(element, when) {
  const wanted = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return wanted.includes(when);
}

// A field for text, an address or a number. `change(value, act)`: `act` true tells the app, where the
// element tells it anything (`told`).
export function TextInput(props) {
  const { element, value, change, host, label, invalid, describedBy, told } = props;
  const text = value ?? "";
  const long = element.multiline;
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
      change(event.target.value || null, dispatches(element, "on_character_entered")),
    onKeyDown: (event) => {
      const breaks = long && !event.ctrlKey && !event.metaKey;
      if (event.key !== "Enter" || breaks || event.isComposing) return;
      if (told && dispatches(element, "on_enter_pressed")) event.preventDefault();
      change(event.target.value || null, dispatches(element, "on_enter_pressed"));
    },
  };
  const field = long
    ? html`<textarea rows="4" ...${common}></textarea>`
    : html`<input type=${TYPES[element.type]} ...${common}
        inputmode=${element.type === "number_input" ? "decimal" : undefined} />`;
  return html`${field}${left !== null && left < 30
    && html`<div class="bk-note" role="status">${word(host.locale, "left", { n: left })}</div>`}`;
}

// Checkboxes and radio buttons.
export function Boxes({ element, value, change, host, label, invalid, describedBy }) {
  const many = element.type === "checkboxes";
  const name = useId();
  const chosen = many ? value.map((one) => one.value) : [value?.value];
  const toggle = (option) => {
    if (!many) change(option, true);
    else if (!chosen.includes(option.value)) change([...value, option], true);
    else change(value.filter((one) => one.value !== option.value), true);
  };
  return html`<div role=${many ? "group" : "radiogroup"} aria-label=${label} class="bk-boxes"
    aria-describedby=${describedBy} data-invalid=${invalid || undefined}>
    ${element.options.map((option, n) => html`<label class="bk-box">
      <input type=${many ? "checkbox" : "radio"} name=${name}
        autofocus=${n === 0 && element.focus_on_load}
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
export function Files({ element, value, change, host, label, invalid, describedBy }) {
  const [note, setNote] = useState(null);
  const most = element.max_files ?? 10;
  const types = (element.filetypes ?? []).map((type) => `.${type.toLowerCase()}`);
  const id = useId();
  const add = async (event) => {
    const given = [...event.target.files];
    event.target.value = "";
    const fits = given.filter(({ name }) =>
      !types.length || types.some((type) => name.toLowerCase().endsWith(type)));
    const taken = fits.slice(0, most - value.length);
    setNote(fits.length < given.length
      ? word(host.locale, "only_types", { types: types.join(", ") })
      : taken.length < fits.length ? word(host.locale, "at_most", { n: most }) : null);
    const stored = await Promise.all(taken.map((file) => host.upload?.(file)));
    if (taken.length) change([...value, ...stored.filter(Boolean)], true);
  };
  return html`<div class="bk-files">
    ${value.map((file) => html`<span class="bk-chip"><span>${file.name}</span>
      <button type="button" aria-label=${word(host.locale, "remove", { name: file.name })}
        onClick=${() => change(value.filter((one) => one.id !== file.id), true)}>×</button>
    </span>`)}
    ${value.length < most && html`<input type="file" class="bk-file" id=${id} multiple=${most > 1}
        accept=${types.join(",") || undefined} aria-label=${label} aria-invalid=${invalid || undefined}
        aria-describedby=${describedBy} disabled=${!host.upload} onChange=${add} />
      <label class="bk-button" for=${id} aria-hidden="true">
        ${word(host.locale, most > 1 ? "choose_files" : "choose_file")}</label>`}
    ${types.length > 0 && html`<span class="bk-hint">${types.join(", ")}</span>`}
    ${note && html`<p class="bk-note" role="status">${note}</p>`}
  </div>`;
}
