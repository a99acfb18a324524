// The page itself: who is acting, which language, and what is shown beside what.
import { html, render, tag, useEffect, useLayoutEffect, useState } from "/sandbox/blockkit/index.js";

import { actionsFor } from "./actions.js";
import { apiFor } from "./api.js";
import { Home } from "./home.js";
import { Page } from "./host.js";
import { Conversation } from "./conversation.js";
import { applyTheme, chosenLanguage } from "./looks.js";
import { Modals } from "./modals.js";
import { readRoute, routeHash } from "./route.js";
import { Search } from "./search.js";
import { Sidebar } from "./sidebar.js";
import { Source } from "./source.js";
import { MOST_PANES, Split } from "./split.js";
import { createStore, EMPTY } from "./store.js";
import { Thread } from "./thread.js";
import { say } from "./words.js";

const query = new URLSearchParams(location.search);

// Everybody one can act as, and who acts: as the address says, else whoever acted here last, else the
// first person there is; then those beside them.
async function whoActs() {
  const wanted = query.get("as") ?? localStorage.getItem("sandbox.as");
  const { people } = await (await fetch("/sandbox/people")).json();
  const named = (name) => people.find((person) => [person.id, person.name].includes(name));
  const found = named(wanted) ?? people[0];
  const alone = !query.get("framed") && !query.get("split");
  if (found && query.get("as") && alone) localStorage.setItem("sandbox.as", found.id);
  const beside = (query.get("split") ?? "").split(",").map(named).filter(Boolean);
  return { people, shown: found ? [found, ...beside].slice(0, MOST_PANES) : [] };
}

function App({ store, actions, lang }) {
  const [state, setState] = useState(store.get());
  const [searching, setSearching] = useState(false);
  useLayoutEffect(() => {
    const draw = () => setState(store.get());
    draw();
    return store.listen(draw);
  }, []);
  const go = goer(store, actions);
  useListening(state, store, actions, setSearching);
  const page = { state, actions, lang, go, search: () => setSearching(true) };
  const { route } = state;
  const beside = route.thread ?? route.source;
  const shown = route.kind === "none" ? "list" : beside ? "thread" : "main";
  return html`<${Page.Provider} value=${page}>
    <a class="skip" href="#main" onClick=${skip}>${say(lang, "skip")}</a>
    <div class="whole">
      ${!state.online && html`<p class="banner" role="alert">${say(lang, "offline")}</p>`}
      <div class="page" data-shown=${shown}>
        <${Sidebar} />
        <${Main} route=${route} lang=${lang} />
        ${route.thread && html`<${Thread} key=${route.thread} channelId=${route.id}
          ts=${route.thread} />`}
        ${route.source && html`<${Source} key=${route.source} channelId=${route.id}
          ts=${route.source} />`}
      </div>
    </div>
    <${Modals} />
    ${searching && html`<${Search} close=${() => setSearching(false)} />`}
    <div class="notices" role="status">
      ${state.notice && html`<p class="notice notice-bad">${state.notice}
        <button type="button" onClick=${() => store.set({ notice: null })}
          aria-label=${say(lang, "close")}>×</button></p>`}
    </div>
  </${Page.Provider}>`;
}

// Go somewhere: the address follows, what is shown there is read, and writing goes on there.
function goer(store, actions) {
  return (route) => {
    const before = store.get().route;
    store.set({ route });
    const hash = routeHash(route);
    if (location.hash !== hash) history.pushState(null, "", hash || location.search);
    actions.show(route, before);
    const moved = route.id !== before.id || route.thread !== before.thread;
    if (moved && !route.mark && matchMedia("(hover: hover) and (min-width: 721px)").matches) {
      requestAnimationFrame(() => document.querySelector(
        route.thread ? ".thread textarea" : ".main textarea")?.focus());
    }
  };
}

// What the window tells: the way back, the reader's return, another theme, and Ctrl+K.
function useListening(state, store, actions, setSearching) {
  useEffect(() => {
    const back = () => {
      const before = store.get().route;
      const route = readRoute(location, store.get());
      store.set({ route });
      actions.show(route, before);
    };
    const focus = () => state.route.kind === "channel" && actions.markRead(state.route.id);
    const key = (event) => {
      const wanted = event.key === "k" && (event.ctrlKey || event.metaKey);
      if (!wanted || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      setSearching(true);
    };
    const heard = { popstate: back, focus, keydown: key, storage: applyTheme };
    for (const [name, listener] of Object.entries(heard)) addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(heard)) removeEventListener(name, listener);
    };
  });
}

// Past the sidebar, for those who go by keyboard.
function skip(event) {
  event.preventDefault();
  const main = document.getElementById("main");
  (main?.querySelector("textarea") ?? main?.querySelector("button, [tabindex]"))?.focus();
}

function Main({ route, lang }) {
  if (route.kind === "channel") return html`<${Conversation} key=${route.id} id=${route.id} />`;
  if (route.kind === "home") return html`<${Home} key=${route.app} appId=${route.app} />`;
  return html`<main class="main main-empty" id="main"><p>${say(lang, "pick_channel")}</p></main>`;
}

// In Slack an open modal is gone after a reload; coming back from acting as somebody else is none.
function reloaded() {
  return performance.getEntriesByType("navigation")[0]?.type === "reload";
}

async function start() {
  const root = document.getElementById("root");
  applyTheme();
  const { people, shown } = await whoActs();
  const [person] = shown;
  if (!person) {
    root.textContent = "Nobody is in this workspace yet. 工作区里还没有人。";
    return;
  }
  const lang = chosenLanguage(person.locale);
  document.documentElement.lang = tag(lang);
  document.title = `${person.real_name} · ${say(lang, "sandbox")}`;
  if (shown.length > 1) {
    render(html`<${Split} shown=${shown.map((one) => one.id)} people=${people} lang=${lang} />`, root);
    return;
  }
  const store = createStore(EMPTY);
  const api = apiFor(person.id);
  const actions = actionsFor(store, api, lang);
  let seen = await actions.look();
  if (reloaded() && store.get().modals.length) {
    await actions.leaveModals();
    seen = await actions.look();
  }
  store.set({ route: readRoute(location, store.get()) });
  render(html`<${App} store=${store} actions=${actions} lang=${lang} />`, root);
  actions.show(store.get().route);
  api.live(seen, actions.hear, (online) => store.set({ online }));
}

start();
