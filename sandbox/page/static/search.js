// Going somewhere and finding something: channels, people, apps' shortcuts, and messages.
import { Mrkdwn, formatMoment, html, useEffect, useLayoutEffect, useRef, useState }
  from "/sandbox/blockkit/index.js";

import { Avatar } from "./avatar.js";
import { personName, usePage } from "./host.js";
import { Icon } from "./icons.js";
import { say } from "./words.js";

const PAUSE = 200;
const PLACES = 6;
const EXCERPT = 160;

export function Search({ close }) {
  const page = usePage();
  const { state, lang } = page;
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const own = useRef(null);
  const { matches, waiting } = useMatches(query);
  const places = placesFor(page, query);
  const found = [...places, ...matches.map((one) => matchRow(page, one))];
  const current = Math.min(at, found.length - 1);
  useLayoutEffect(() => {
    const back = document.activeElement;
    const dialog = own.current;
    dialog.showModal();
    return () => {
      dialog.close();
      if (back?.isConnected) back.focus();
    };
  }, []);
  useEffect(() => {
    own.current.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const take = (row) => {
    close();
    row.run();
  };
  const key = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.isComposing) return;
    if (event.key in moves && found.length) {
      event.preventDefault();
      setAt((current + moves[event.key] + found.length) % found.length);
    } else if (event.key === "Enter" && found[current]) {
      event.preventDefault();
      take(found[current]);
    }
  };
  const note = waiting ? "loading" : query.trim() && !found.length ? "nothing_found" : null;
  return html`<dialog class="search" ref=${own} aria-label=${say(lang, "search")}
    onCancel=${(event) => (event.preventDefault(), close())}
    onPointerDown=${(event) => event.target === own.current && close()}>
    <div class="search-box">
      <input class="search-field" type="text" role="combobox" aria-expanded="true" autofocus
        aria-controls="found" aria-autocomplete="list" value=${query} placeholder=${say(lang, "search_hint")}
        aria-activedescendant=${found.length ? `found-${current}` : undefined}
        aria-label=${say(lang, "search")} onKeyDown=${key}
        onInput=${(event) => (setQuery(event.target.value), setAt(0))} />
      <button type="button" class="tool" onClick=${close} aria-label=${say(lang, "close")}>×</button>
    </div>
    <div class="found" id="found" role="listbox" aria-label=${say(lang, "search")}>
      ${found.map((row, n) => html`<${Row} key=${row.key} id=${`found-${n}`} row=${row} take=${take}
        selected=${n === current} heading=${row.group !== found[n - 1]?.group && row.group}
        state=${state} />`)}
    </div>
    <p class="search-note" role="status">${note && say(lang, note)}</p>
    <p class="search-help">${say(lang, "search_help")}</p>
  </dialog>`;
}

function Row({ id, row, take, selected, heading }) {
  const { lang } = usePage();
  return html`${heading && html`<div class="found-group" role="presentation">
      ${say(lang, heading)}</div>`}
    <div role="option" id=${id} class="found-row" aria-selected=${selected}
      onClick=${() => take(row)}>
      <span class="row-sign" aria-hidden="true">${row.sign}</span>
      <span class="found-text"><span class="found-title">${row.title}</span>
        ${row.text && html`<span class="found-excerpt">${row.text}</span>`}</span>
    </div>`;
}

// The messages that fit, asked for once the reader pauses.
function useMatches(query) {
  const { actions } = usePage();
  const [answer, setAnswer] = useState({ query: "", matches: [] });
  const wanted = query.trim();
  useEffect(() => {
    if (!wanted) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const found = await actions.search(wanted);
      if (current) setAnswer({ query: wanted, matches: found?.matches ?? [] });
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  if (!wanted) return { matches: [], waiting: false };
  return { matches: answer.matches, waiting: answer.query !== wanted };
}

// The channels, people, apps and shortcuts whose names fit.
function placesFor(page, query) {
  const wanted = query.trim().toLocaleLowerCase().replace(/^[#@]/, "");
  const rows = [...channels(page), ...people(page), ...apps(page)];
  return rows.filter((row) => row.name.toLocaleLowerCase().includes(wanted)).slice(0, PLACES);
}

function channels({ state, go }) {
  return [...state.channels.values()].filter((row) => row.kind !== "im").map((row) => ({
    key: row.id, group: "places", name: row.name, title: row.name, text: row.topic,
    sign: row.kind === "public" ? "#" : html`<${Icon} name=${row.kind === "private" ? "lock" : "person"} />`,
    run: () => go({ kind: "channel", id: row.id }),
  }));
}

function people({ state, actions, go }) {
  const others = [...state.people.values()].filter((one) => !one.app && !one.deleted);
  return others.map((one) => ({
    key: one.id, group: "places", name: `${one.real_name} ${one.name}`, title: one.real_name,
    sign: html`<${Avatar} id=${one.id} name=${one.real_name} />`,
    run: async () => {
      const seen = await actions.direct([one.id]);
      if (!seen?.channel) return;
      await actions.look();
      go({ kind: "channel", id: seen.channel });
    },
  }));
}

function apps({ state, actions, go }) {
  return state.apps.flatMap((app) => [
    { key: app.id, name: app.name, title: app.name, run: () => go({ kind: "home", app: app.id }) },
    ...app.shortcuts.filter((one) => one.kind === "global").map((one) => ({
      key: one.callback_id, name: one.name, title: one.name, text: one.description || app.name,
      run: () => actions.shortcut({ callback_id: one.callback_id }),
    })),
  ].map((row) => ({ ...row, group: "places", sign: html`<${Icon} name="app" />` })));
}

function matchRow({ state, lang, go }, { channel, message }) {
  const row = state.channels.get(channel);
  const where = row && (row.with.length ? row.name : `#${row.name}`);
  const when = formatMoment(Number(message.ts), "date_short", lang, state.me.tz);
  const thread = message.thread_ts !== message.ts ? message.thread_ts : undefined;
  const host = { locale: lang, tz: state.me.tz, personName: (id) => personName(state, id) };
  return {
    key: `${channel}:${message.ts}`, group: "messages", sign: html`<${Icon} name="reply" />`,
    title: [where, message.username ?? personName(state, message.user), when].join(" · "),
    text: html`<${Mrkdwn} text=${(message.text ?? "").slice(0, EXCERPT)} host=${host} />`,
    run: () => go({ kind: "channel", id: channel, thread, mark: message.ts }),
  };
}
