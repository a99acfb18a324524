// The page itself: who is acting, which language, and what is shown beside what.
import { html, render, tag, useEffect, useLayoutEffect, useState } from "/sandbox/blockkit/index.js";

import { actionsFor } from "./actions.js";
import { apiFor } from "./api.js";
import { Home } from "./home.js";
import { Page } from "./host.js";
import { Conversation } from "./conversation.js";
import { Modals } from "./modals.js";
import { readRoute, routeHash } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { Split } from "./split.js";
import { createStore, EMPTY } from "./store.js";
import { Thread } from "./thread.js";
import { say } from "./words.js";

const query = new URLSearchParams(location.search);

// Who acts: as the address says, else whoever acted here last, else the first person there is.
async function whoActs() {
  const wanted = query.get("as") ?? localStorage.getItem("sandbox.as");
  const { people } = await (await fetch("/sandbox/people")).json();
  const found = people.find((person) => [person.id, person.name].includes(wanted)) ?? people[0];
  if (found && query.get("as")) localStorage.setItem("sandbox.as", found.id);
  return found;
}

// The language asked for, now or before; else the person's own.
function languageOf(person) {
  const asked = query.get("lang");
  if (asked) localStorage.setItem("sandbox.lang", asked);
  const wanted = asked ?? localStorage.getItem("sandbox.lang") ?? person.locale;
  return wanted.replace("-", "_").startsWith("zh") ? "zh_CN" : "en";
}

function App({ store, actions, lang }) {
  const [state, setState] = useState(store.get());
  useLayoutEffect(() => {
    const draw = () => setState(store.get());
    draw();
    return store.listen(draw);
  }, []);
  const go = (route) => {
    store.set({ route });
    const hash = routeHash(route);
    if (location.hash !== hash) history.pushState(null, "", hash || location.search);
    actions.show(route);
  };
  useEffect(() => {
    const back = () => {
      const route = readRoute(location);
      store.set({ route });
      actions.show(route);
    };
    const focus = () => state.route.kind === "channel" && actions.markRead(state.route.id);
    addEventListener("popstate", back);
    addEventListener("focus", focus);
    return () => {
      removeEventListener("popstate", back);
      removeEventListener("focus", focus);
    };
  });
  const page = { state, actions, lang, go };
  const { route } = state;
  const shown = route.kind === "none" ? "list" : route.thread ? "thread" : "main";
  return html`<${Page.Provider} value=${page}>
    <div class="page" data-shown=${shown}>
      <${Sidebar} />
      <${Main} route=${route} lang=${lang} />
      ${route.thread && html`<${Thread} key=${route.thread} channelId=${route.id}
        ts=${route.thread} />`}
      <${Modals} />
      <div class="notices" role="status">
        ${!state.online && html`<p class="notice">${say(lang, "offline")}</p>`}
        ${state.notice && html`<p class="notice notice-bad">${state.notice}
          <button type="button" onClick=${() => store.set({ notice: null })}
            aria-label=${say(lang, "close")}>×</button></p>`}
      </div>
    </div>
  </${Page.Provider}>`;
}

function Main({ route, lang }) {
  if (route.kind === "channel") return html`<${Conversation} key=${route.id} id=${route.id} />`;
  if (route.kind === "home") return html`<${Home} key=${route.app} appId=${route.app} />`;
  return html`<main class="main main-empty"><p>${say(lang, "pick_channel")}</p></main>`;
}

async function start() {
  const root = document.getElementById("root");
  const theme = localStorage.getItem("sandbox.theme");
  if (theme) document.documentElement.dataset.theme = theme;
  const person = await whoActs();
  if (!person) {
    root.textContent = "Nobody is in this workspace yet. 工作区里还没有人。";
    return;
  }
  const lang = languageOf(person);
  document.documentElement.lang = tag(lang);
  document.title = `${person.real_name} · ${say(lang, "sandbox")}`;
  if (query.get("split")) {
    render(html`<${Split} first=${person.id} second=${query.get("split")} lang=${lang} />`, root);
    return;
  }
  const store = createStore(EMPTY);
  const api = apiFor(person.id);
  const actions = actionsFor(store, api, lang);
  const seen = await actions.look();
  store.set({ route: readRoute(location, store.get()) });
  render(html`<${App} store=${store} actions=${actions} lang=${lang} />`, root);
  actions.show(store.get().route);
  api.live(seen, actions.hear, (online) => store.set({ online }));
}

start();
