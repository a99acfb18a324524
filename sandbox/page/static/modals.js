// The modal in front of the reader: a native <dialog>, which keeps focus inside by itself.
import { Blocks, html, plain, useEffect, useLayoutEffect, useRef } from "/sandbox/blockkit/index.js";

import { hostFor, usePage } from "./host.js";
import { say } from "./words.js";

export function Modals() {
  const { state } = usePage();
  const view = state.modals.at(-1);
  return view ? html`<${Modal} key=${view.id} view=${view} />` : null;
}

// Where typing begins: the element that asks for focus, else the first field.
function first(dialog) {
  const body = dialog.querySelector(".modal-body");
  return body.querySelector("[autofocus]")
    ?? body.querySelector("input, textarea, .bk-select-open, .bk-button") ?? body;
}

function Modal({ view }) {
  const page = usePage();
  const { state, actions, lang } = page;
  const own = useRef(null);
  const busy = Boolean(state.busy[view.id]);
  const warning = state.warnings[view.id];
  const app = state.apps.find((one) => one.id === view.app_id);
  const close = () => actions.closeModal(view);
  useLayoutEffect(() => {
    const back = document.activeElement;
    const dialog = own.current;
    dialog.showModal();
    first(dialog)?.focus();
    return () => {
      // The dialog is still there now, and everything under it cannot take the focus.
      dialog.close();
      if (back?.isConnected) back.focus?.();
    };
  }, []);
  useEffect(() => {
    const wrong = own.current.querySelector("[aria-invalid=true], button[data-invalid], [data-invalid] input");
    wrong?.focus();
  }, [state.errors[view.id]]);
  const cancel = (event) => {
    if (event.target !== own.current) return;
    event.preventDefault();
    close();
  };
  // Enter in a one-line field submits, as in any form; elsewhere it takes Ctrl.
  const key = (event) => {
    const line = event.target.nodeName === "INPUT" && /^(text|email|url)$/.test(event.target.type);
    const meant = event.ctrlKey || event.metaKey || line;
    if (event.key !== "Enter" || !meant || event.defaultPrevented || event.isComposing) return;
    if (view.submit && !busy) actions.submit(view);
  };
  const surface = { place: { view_id: view.id }, key: view.id, blocks: view.blocks };
  return html`<dialog class="modal" ref=${own} onCancel=${cancel} onKeyDown=${key}
    aria-labelledby="modal-title">
    <header class="modal-head">
      <div>
        <h1 id="modal-title">${plain(view.title)}</h1>
        ${app && html`<span class="modal-app">${app.name}</span>`}
      </div>
      <button type="button" class="tool" onClick=${close} aria-label=${say(lang, "close")}>×</button>
    </header>
    ${warning && html`<p class="bk-warning modal-warning" role="alert">
      <span aria-hidden="true">⚠</span> ${warning}</p>`}
    <div class="modal-body" tabindex="-1">
      <${Blocks} blocks=${view.blocks} host=${hostFor(page, surface)} />
    </div>
    <footer class="modal-foot">
      <button type="button" class="bk-button" onClick=${close}>
        ${view.close ? plain(view.close) : say(lang, "cancel")}</button>
      ${view.submit && html`<button type="button" class="bk-button bk-primary" disabled=${busy}
        aria-busy=${busy || undefined} onClick=${() => actions.submit(view)}>
        ${busy && html`<span class="bk-spinner" aria-hidden="true"></span>`}
        ${plain(view.submit)}</button>`}
    </footer>
  </dialog>`;
}
