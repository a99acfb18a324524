// Where one writes: Enter sends, Shift+Enter breaks the line, a slash offers the commands there are.
import { Menu, html, useRef, useState } from "/sandbox/blockkit/index.js";

import { usePage } from "./host.js";
import { Icon } from "./icons.js";
import { say } from "./words.js";

export function Composer({ channelId, threadTs, hint }) {
  const { state, actions, lang } = usePage();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const field = useRef(null);
  const offered = commandsFor(state, text);
  const current = Math.min(at, offered.length - 1);
  const send = async () => {
    const wanted = text.trim();
    if (!wanted) return;
    setText("");
    if (wanted.startsWith("/")) await actions.command(channelId, wanted);
    else await actions.post(channelId, wanted, threadTs);
  };
  const take = (command) => {
    setText(`${command.name} `);
    field.current.focus();
  };
  const key = (event) => {
    if (event.isComposing) return;
    if (offered.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((current + step + offered.length) % offered.length);
    } else if (offered.length && event.key === "Tab") {
      event.preventDefault();
      take(offered[current]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const partial = offered.length && !offered.some((one) => one.name === text.trim());
      if (partial) take(offered[current]);
      else send();
    }
  };
  const rows = Math.min(8, text.split("\n").length);
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), send())}>
    ${offered.length > 0 && html`<${Offered} offered=${offered} current=${current} take=${take} />`}
    <div class="composer-box">
      <textarea ref=${field} rows=${rows} value=${text} placeholder=${hint} aria-label=${hint}
        aria-controls=${offered.length ? "commands" : undefined}
        aria-activedescendant=${offered.length ? `command-${current}` : undefined}
        onInput=${(event) => (setText(event.target.value), setAt(0))} onKeyDown=${key}></textarea>
      <${Shortcuts} take=${take} />
      <button type="submit" class="send" disabled=${!text.trim()} aria-label=${say(lang, "send")}>
        <${Icon} name="send" /></button>
    </div>
  </form>`;
}

// The commands that what was typed may become; none once a word follows the command.
function commandsFor(state, text) {
  if (!/^\/\S*$/.test(text)) return [];
  return state.apps.flatMap((app) => app.commands
    .filter((command) => command.name.startsWith(text))
    .map((command) => ({ ...command, app: app.name })));
}

function Offered({ offered, current, take }) {
  const { lang } = usePage();
  return html`<div class="offered" id="commands" role="listbox" aria-label=${say(lang, "commands")}>
    ${offered.map((command, n) => html`<div role="option" id=${`command-${n}`}
      aria-selected=${n === current} class="offer" onClick=${() => take(command)}>
      <span><strong>${command.name}</strong> <code>${command.usage_hint}</code></span>
      <small>${command.description || command.app}</small>
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
      run: () => take(command),
    })),
  ]);
  if (!entries.length) return null;
  const choose = (entry) => {
    setOpen(false);
    entry.run();
  };
  return html`<button type="button" class="tool" ref=${anchor} aria-haspopup="menu"
      aria-expanded=${open} aria-label=${say(lang, "shortcuts")}
      onClick=${() => setOpen(!open)}><${Icon} name="bolt" /></button>
    ${open && html`<${Menu} anchor=${anchor} options=${entries} choose=${choose}
      close=${() => setOpen(false)} label=${say(lang, "shortcuts")} />`}`;
}
