// An app's Home: its own view for this reader.
import { Blocks, html, useEffect } from "/sandbox/blockkit/index.js";

import { AppTabs } from "./conversation.js";
import { hostFor, usePage } from "./host.js";
import { say } from "./words.js";

export function Home({ appId }) {
  const page = usePage();
  const { state, actions, lang, go } = page;
  const app = state.apps.find((one) => one.id === appId);
  useEffect(() => {
    if (app) actions.openHome(appId);
  }, [appId]);
  if (!app) return html`<main class="main main-empty"></main>`;
  const view = app.home;
  return html`<main class="main" aria-label=${app.name} id="main">
    <header class="main-head">
      <button type="button" class="tool back" onClick=${() => go({ kind: "none" })}
        aria-label=${say(lang, "back")}>‹</button>
      <h1>${app.name}</h1>
      <${AppTabs} app=${app} at="home" />
    </header>
    <div class="scroll home">
      ${view
        ? html`<${Blocks} blocks=${view.blocks} host=${hostFor(page, {
            place: { home: appId }, key: view.id, blocks: view.blocks,
          })} />`
        : html`<p class="beginning">${say(lang, "empty_home", { name: app.name })}</p>`}
    </div>
  </main>`;
}
