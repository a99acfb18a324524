// Confirmation dialogs: a native <dialog>, so that focus is kept inside and Escape means no.
import { html, render } from "./html.js";
import { TextObject, plain } from "./text.js";

// Ask the reader; resolves to true or false. `near` is an element of the asking surface: the dialog
// is put beside it, so that it lies above a modal that is open already.
export function ask(confirm, host, near) {
  return new Promise((resolve) => {
    const root = document.createElement("div");
    (near?.closest("dialog") ?? document.body).append(root);
    const settle = (answer) => {
      render(null, root);
      root.remove();
      near?.focus?.();
      resolve(answer);
    };
    render(html`<${Dialog} confirm=${confirm} host=${host} settle=${settle} />`, root);
  });
}

function Dialog({ confirm, host, settle }) {
  const show = (dialog) => {
    if (dialog && !dialog.open) dialog.showModal();
  };
  const cancel = (event) => {
    event.preventDefault();
    event.stopPropagation();
    settle(false);
  };
  const style = confirm.style === "danger" ? "bk-danger" : "bk-primary";
  return html`<dialog class="bk-confirm" ref=${show} onCancel=${cancel} onKeyDown=${within}
    aria-labelledby="bk-confirm-title" aria-describedby="bk-confirm-text" role="alertdialog">
    <h2 id="bk-confirm-title">${plain(confirm.title)}</h2>
    <div id="bk-confirm-text" class="bk-confirm-text">
      <${TextObject} text=${confirm.text} host=${host} />
    </div>
    <div class="bk-confirm-buttons">
      <button type="button" class="bk-button" onClick=${() => settle(false)}>
        ${plain(confirm.deny)}
      </button>
      <button type="button" class=${`bk-button ${style}`} onClick=${() => settle(true)}>
        ${plain(confirm.confirm)}
      </button>
    </div>
  </dialog>`;
}

// Keys pressed in here are meant for here.
function within(event) {
  event.stopPropagation();
}
