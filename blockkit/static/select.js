// Select and multi-select menus: a button that opens a searchable list (the combobox pattern).
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./html.js";
import { Floating, intoView, useHighlight } from "./menu.js";
import { labelOf, sameChoice, useOptions } from "./options.js";
import { plain } from "./text.js";
import { isMany } from "./values.js";
import { word } from "./words.js";

const PLACEHOLDERS = { users: "choose_person", channels: "choose_channel" };

function placeholder(element, host) {
  if (element.placeholder) return plain(element.placeholder);
  const kind = /(users|channels|conversations)_select$/.exec(element.type)?.[1];
  const key = PLACEHOLDERS[kind === "conversations" ? "channels" : kind];
  return word(host.locale, key ?? (isMany(element) ? "choose_many" : "choose"));
}

// A menu. `value` is the chosen option or id (a list where many can be chosen); `change` is called
// with the new one.
export function Select(props) {
  const { element, value, change, host, load, label, invalid, describedBy, clearable } = props;
  const [open, setOpen] = useState(false);
  const [full, setFull] = useState(false);
  const anchor = useRef(null);
  const many = isMany(element);
  const most = element.max_selected_items ?? Infinity;
  const chosen = many ? value : value === null ? [] : [value];
  const close = (refocus) => {
    setOpen(false);
    if (refocus) anchor.current?.querySelector(".bk-select-open")?.focus();
  };
  const pick = (choice) => {
    if (!many) {
      close(true);
      change(choice);
      return;
    }
    const without = chosen.filter((one) => !sameChoice(one, choice));
    const fits = without.length < chosen.length || chosen.length < most;
    setFull(!fits);
    if (without.length < chosen.length) change(without);
    else if (fits) change([...chosen, choice]);
  };
  const shown = !many && chosen.length
    ? labelOf(chosen[0], element, host)
    : placeholder(element, host);
  return html`<div class=${`bk-select${invalid ? " bk-invalid" : ""}`} ref=${anchor}>
    ${many && chosen.map((one) => html`<${Chip} key=${labelOf(one, element, host)}
      text=${labelOf(one, element, host)} host=${host} remove=${() => pick(one)} />`)}
    <button type="button" class="bk-select-open" aria-haspopup="listbox" aria-expanded=${open}
      aria-label=${label === shown ? label : `${label}: ${shown}`} aria-describedby=${describedBy}
      data-invalid=${invalid || undefined} autofocus=${element.focus_on_load}
      onClick=${() => setOpen(!open)}
      onKeyDown=${(event) => event.key === "ArrowDown" && (event.preventDefault(), setOpen(true))}>
      <span class=${chosen.length && !many ? "bk-chosen" : "bk-placeholder"}>
        ${shown}
      </span>
      <span class="bk-caret" aria-hidden="true"></span>
    </button>
    ${clearable && !many && chosen.length > 0 && html`<button type="button" class="bk-clear"
      aria-label=${word(host.locale, "remove", { name: shown })}
      onClick=${() => change(null)}>×</button>`}
    ${open && html`<${List} element=${element} chosen=${chosen} pick=${pick} host=${host}
      load=${load} anchor=${anchor} close=${close} label=${label}
      full=${full ? word(host.locale, "at_most", { n: most }) : null} />`}
  </div>`;
}

function Chip({ text, remove, host }) {
  return html`<span class="bk-chip">
    <span>${text}</span>
    <button type="button" aria-label=${word(host.locale, "remove", { name: text })}
      onClick=${remove}>×</button>
  </span>`;
}

function List({ element, chosen, pick, host, load, anchor, close, label, full }) {
  const [query, setQuery] = useState("");
  const { groups, note } = useOptions(element, query, host, load);
  const flat = groups.flatMap((group) => group.options);
  const [at, setAt, move] = useHighlight(flat.length);
  const search = useRef(null);
  const current = useRef(null);
  const id = useId();
  useLayoutEffect(() => search.current.focus({ preventScroll: true }), []);
  useEffect(() => intoView(current.current), [at]);
  // Here and not in an effect: that would run after a key that was pressed at once, and undo it.
  const look = (words) => {
    setQuery(words);
    setAt(0);
  };
  const key = (event) => {
    event.stopPropagation();
    if (move(event)) return;
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      close(event.key === "Escape");
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (flat[at]) pick(flat[at]);
    }
  };
  const stay = (event) => event.preventDefault(); // the keys stay with the search, Escape too
  let n = -1;
  const row = (option) => {
    n += 1;
    const own = n;
    const taken = chosen.some((one) => sameChoice(one, option));
    return html`<div role="option" id=${`${id}-${own}`} aria-selected=${taken}
      ref=${own === at ? current : undefined}
      class=${`bk-option${own === at ? " bk-at" : ""}`}
      onPointerMove=${() => own !== at && setAt(own)} onClick=${() => pick(option)}
      onMouseDown=${stay}>
      <span class="bk-option-text">${labelOf(option, element, host)}</span>
      ${option.description && html`<small>${plain(option.description)}</small>`}
    </div>`;
  };
  return html`<${Floating} anchor=${anchor} close=${() => close(false)}>
    <input class="bk-search" ref=${search} value=${query} role="combobox" aria-expanded="true"
      aria-controls=${id} aria-autocomplete="list" aria-activedescendant=${`${id}-${at}`}
      aria-label=${word(host.locale, "search")} placeholder=${word(host.locale, "search")}
      onInput=${(event) => look(event.target.value)} onKeyDown=${key} />
    <div role="listbox" id=${id} aria-label=${label} class="bk-options"
      aria-multiselectable=${isMany(element)}>
      ${groups.map((group) => (group.label
        ? html`<div role="group" aria-label=${group.label}>
            <div class="bk-group" role="presentation">${group.label}</div>
            ${group.options.map(row)}
          </div>`
        : group.options.map(row)))}
    </div>
    ${(full ?? note) && html`<div class="bk-note" role="status">${full ?? note}</div>`}
  </${Floating}>`;
}
