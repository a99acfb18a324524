// Where one writes: Enter sends, Shift+Enter breaks the line; a slash offers the commands there are,
// @ the people, # the channels, and a colon the emoji.
import { Menu, html, useEffect, useId, useLayoutEffect, useRef, useState }
  from "/sandbox/blockkit/index.js";

import { offers, token, written } from "./completing.js";
import { usePage } from "./host.js";
import { Icon } from "./icons.js";
import { listKey } from "./store.js";
import { say } from "./words.js";

export function Composer({ channelId, threadTs, hint }) {
  const { state, actions, lang } = usePage();
  const key = listKey(channelId, threadTs);
  const text = state.drafts[key] ?? "";
  const setText = (next) => actions.draft(key, next);
  const [broadcast, setBroadcast] = useState(false);
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const field = useRef(null);
  const placed = useRef(null);
  const own = useId();
  const begun = token(text, caret);
  const offered = begun ? offers(state, begun) : [];
  const current = Math.min(at, offered.length - 1);
  const send = async () => {
    const wanted = text.trim();
    if (!wanted) return;
    setText("");
    const sent = wanted.startsWith("/")
      ? await actions.command(channelId, wanted)
      : await actions.post(channelId, written(state, wanted), threadTs, broadcast);
    if (sent) setBroadcast(false);
    else setText(wanted);
  };
  const take = (offer) => {
    const before = text.slice(0, begun.start) + offer.text;
    setText(`${before} ${text.slice(caret).trimStart()}`);
    setCaret(before.length + 1);
    placed.current = before.length + 1;
  };
  useLayoutEffect(() => {
    // Before the next letter comes in: who types fast is not to be overtaken by the caret.
    if (placed.current === null) return;
    field.current.focus();
    field.current.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });
  const press = keys({ offered, current, setAt, take, send, begun, close: () => setCaret(-1) });
  const typed = (event) => {
    setText(event.target.value);
    setCaret(event.target.selectionStart);
    setAt(0);
  };
  const rows = Math.min(8, text.split("\n").length);
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), send())}>
    ${offered.length > 0 && html`<${Offered} id=${own} offered=${offered} current=${current}
      take=${take} kind=${begun.kind} />`}
    <div class="composer-box">
      <textarea ref=${field} rows=${rows} value=${text} placeholder=${hint} aria-label=${hint}
        aria-autocomplete="list" aria-controls=${offered.length ? own : undefined}
        aria-activedescendant=${offered.length ? `${own}-${current}` : undefined}
        onInput=${typed} onKeyDown=${press}
        onBlur=${() => setCaret(-1)}></textarea>
      <${Shortcuts} take=${(command) => (setText(`${command} `), field.current.focus())} />
      <button type="submit" class="send" disabled=${!text.trim()} aria-label=${say(lang, "send")}>
        <${Icon} name="send" /></button>
    </div>
    ${threadTs && html`<label class="broadcast"><input type="checkbox" checked=${broadcast}
      onChange=${(event) => setBroadcast(event.target.checked)} /> ${say(lang, "broadcast")}</label>`}
  </form>`;
}

// What a key does: it moves in the list of offers, takes one, or sends.
function keys({ offered, current, setAt, take, send, begun, close }) {
  return (event) => {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (offered.length && event.key in moves) {
      event.preventDefault();
      setAt((current + moves[event.key] + offered.length) % offered.length);
    } else if (offered.length && event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (offered.length && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(offered[current]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const whole = offered.some((one) => one.text === begun?.text);
      if (offered.length && !whole) take(offered[current]);
      else send();
    }
  };
}

function Offered({ id, offered, current, take, kind }) {
  const { lang } = usePage();
  const list = useRef(null);
  useEffect(() => list.current.children[current]?.scrollIntoView({ block: "nearest" }), [current]);
  return html`<div class="offered" id=${id} ref=${list} role="listbox"
    aria-label=${say(lang, `offered_${kind}`)}>
    ${offered.map((one, n) => html`<div role="option" id=${`${id}-${n}`} key=${one.key}
      aria-selected=${n === current} class="offer"
      onPointerDown=${(event) => (event.preventDefault(), take(one))}>
      <span><strong>${one.shown ?? one.text}</strong> ${one.usage && html`<code>${one.usage}</code>`}</span>
      ${one.note && html`<small>${one.note}</small>`}
    </div>`)}
  </div>`;
}

// The menu beside the field: commands to type on with, and the apps' global shortcuts.
function Shortcuts({ take }) {
  const { state, actions, lang } = usePage();
  const [open, setOpen] = useState(false);
  const anchor = useRef(null);
  const entries = state.apps.flatMap((app) => [
    ...app.shortcuts.filter((one) => one.kind === "global").map((one) => ({
      value: one.callback_id,
      text: { text: one.name },
      description: { text: one.description || app.name },
      run: () => actions.shortcut({ callback_id: one.callback_id }),
    })),
    ...app.commands.map((command) => ({
      value: command.name,
      text: { text: command.name },
      description: { text: command.description || app.name },
      run: () => take(command.name),
    })),
  ]);
  if (!entries.length) return null;
  const choose = (entry) => {
    setOpen(false);
    entry.run();
  };
  return html`<button type="button" class="tool" ref=${anchor} aria-haspopup="menu"
      aria-expanded=${open} aria-label=${say(lang, "shortcuts")} title=${say(lang, "shortcuts")}
      onClick=${() => setOpen(!open)}><${Icon} name="bolt" /></button>
    ${open && html`<${Menu} anchor=${anchor} options=${entries} choose=${choose}
      close=${() => setOpen(false)} label=${say(lang, "shortcuts")} />`}`;
}
