// The sidebar: the workspace, who is acting, and everywhere one can go.
import { html, useEffect, useRef, useState } from "/sandbox/blockkit/index.js";

import { Avatar } from "./avatar.js";
import { usePage } from "./host.js";
import { Icon } from "./icons.js";
import { Theme } from "./looks.js";
import { withQuery } from "./route.js";
import { say } from "./words.js";

export function Sidebar() {
  const { state, lang, search } = usePage();
  const rows = [...state.channels.values()];
  const bots = new Set(state.apps.map((app) => app.bot_user_id));
  const channels = rows.filter((row) => row.kind === "public" || row.kind === "private");
  const directs = rows.filter((row) => row.with.length && !row.with.every((id) => bots.has(id)));
  return html`<nav class="sidebar" aria-label=${say(lang, "menu")}>
    <${Header} />
    <div class="sidebar-scroll">
      <${Group} title=${say(lang, "channels")}>
        ${channels.map((row) => html`<${ChannelRow} key=${row.id} row=${row} />`)}
      </${Group}>
      <${Group} title=${say(lang, "directs")}>
        ${directs.map((row) => html`<${ChannelRow} key=${row.id} row=${row} />`)}
        <li><button type="button" class="row row-button" onClick=${search}>
          <span class="row-sign" aria-hidden="true"><${Icon} name="plus" /></span>
          <span class="row-name">${say(lang, "new_message")}</span></button></li>
      </${Group}>
      <${Group} title=${say(lang, "apps")}>
        ${state.apps.map((app) => html`<${AppRow} key=${app.id} app=${app} />`)}
      </${Group}>
    </div>
  </nav>`;
}

function Group({ title, children }) {
  return html`<section class="group">
    <h2>${title}</h2>
    <ul>${children}</ul>
  </section>`;
}

function ChannelRow({ row }) {
  const { state, lang, go } = usePage();
  const here = state.route.kind === "channel" && state.route.id === row.id;
  const icon = { private: "lock", im: "person", mpim: "person" }[row.kind];
  return html`<li>
    <a href=${`#${row.id}`} class="row" aria-current=${here ? "page" : undefined}
      data-unread=${Boolean(row.unread && row.member)}
      data-quiet=${row.archived || !row.member}
      onClick=${(event) => (event.preventDefault(), go({ kind: "channel", id: row.id }))}>
      <span class="row-sign" aria-hidden="true">${icon ? html`<${Icon} name=${icon} />` : "#"}</span>
      <span class="row-name">${row.name}</span>
      ${row.member && html`<${Unread} count=${row.unread} lang=${lang} />`}
    </a>
  </li>`;
}

function Unread({ count, lang }) {
  if (!count) return null;
  return html`<span class="row-count" aria-hidden="true">${count > 99 ? "99+" : count}</span>
    <span class="unseen">${say(lang, "unread", { n: count })}</span>`;
}

function AppRow({ app }) {
  const { state, lang, go } = usePage();
  const direct = [...state.channels.values()].find(
    (row) => row.kind === "im" && row.with.includes(app.bot_user_id),
  );
  const here = (state.route.kind === "home" && state.route.app === app.id)
    || (direct && state.route.id === direct.id);
  const unread = direct?.unread ?? 0;
  return html`<li>
    <a href=${`#home/${app.id}`} class="row" aria-current=${here ? "page" : undefined}
      data-unread=${unread > 0}
      onClick=${(event) => (event.preventDefault(), go({ kind: "home", app: app.id }))}>
      <span class="row-sign" aria-hidden="true"><${Icon} name="app" /></span>
      <span class="row-name">${app.name}</span>
      <${Unread} count=${unread} lang=${lang} />
    </a>
  </li>`;
}

function Header() {
  const { state, lang, search } = usePage();
  const [open, setOpen] = useState(false);
  const own = useRef(null);
  useEffect(() => {
    const leave = (event) => !own.current?.contains(event.target) && setOpen(false);
    document.addEventListener("pointerdown", leave);
    return () => document.removeEventListener("pointerdown", leave);
  }, []);
  const key = (event) => {
    if (event.key !== "Escape") return;
    setOpen(false);
    own.current.querySelector("button").focus();
  };
  return html`<header class="sidebar-head" ref=${own} onKeyDown=${key}>
    <button type="button" class="who" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Avatar} id=${state.me.id} name=${state.me.real_name} />
      <span class="who-text">
        <span class="who-team">${state.team.name}</span>
        <span class="who-name">${state.me.real_name}</span>
      </span>
      <span class="who-caret" aria-hidden="true">▾</span>
    </button>
    ${open && html`<${People} />`}
    <button type="button" class="search-open" onClick=${search} aria-keyshortcuts="Control+K">
      <${Icon} name="search" /> <span>${say(lang, "search")}</span> <kbd>Ctrl K</kbd></button>
    <div class="head-tools">
      <a class="tool" href="/sandbox/bench" target="_blank" rel="noopener">
        <${Icon} name="tools" /> ${say(lang, "bench")}</a>
      <${Theme} say=${say} lang=${lang} />
      <a class="tool" href=${withQuery({ lang: lang === "en" ? "zh_CN" : "en" })}
        lang=${lang === "en" ? "zh-CN" : "en"}>${say(lang, "language")}</a>
    </div>
  </header>`;
}

// Everybody one can act as, and whom one can open beside.
function People() {
  const { state, lang } = usePage();
  const people = [...state.people.values()].filter((one) => !one.app && !one.deleted);
  const framed = new URLSearchParams(location.search).has("framed");
  return html`<div class="people">
    <h2>${say(lang, "act_as")}</h2>
    <ul>
      ${people.map((person) => html`<li key=${person.id}>
        <a href=${withQuery({ as: person.id })} class="person"
          aria-current=${person.id === state.me.id ? "true" : undefined}>
          <${Avatar} id=${person.id} name=${person.real_name} />
          <span>${person.real_name}${person.id === state.me.id && ` (${say(lang, "you")})`}</span>
        </a>
        ${person.id !== state.me.id && !framed && html`<a class="tool beside"
          href=${withQuery({ as: state.me.id, split: person.id })}
          aria-label=${say(lang, "beside", { name: person.real_name })}
          title=${say(lang, "beside", { name: person.real_name })}><${Icon} name="split" /></a>`}
      </li>`)}
    </ul>
  </div>`;
}
