// The Slack card beside a form of the draft: drawn anew, a moment after each change, as it would be
// were the form saved. Nothing is saved by it.
const PAUSE = 300; // milliseconds without a change before the card is asked for

const aside = document.querySelector("[data-live-card]");
const form = document.querySelector("form.sheet");
const stage = aside.querySelector("select");
const problem = aside.querySelector("[role=status]");
const panes = [...aside.querySelectorAll("[data-locale]")];
let timer = 0;
let asked = 0;
let changed = false;

async function ask() {
  const number = ++asked;
  const body = new FormData(form);
  body.set("stage", stage.value);
  if (!changed) body.set("unchanged", "yes");
  let said;
  try {
    const answer = await fetch(aside.dataset.liveCard, { method: "POST", body, headers: { "X-Redress-By-Itself": "yes" } });
    said = answer.ok ? await answer.json() : { problem: aside.dataset.failed };
  } catch {
    said = { problem: aside.dataset.failed };
  }
  if (number === asked) show(said, await import(aside.dataset.renderer));
}

function show(said, { Blocks, html, render }) {
  problem.textContent = said.problem ?? "";
  problem.hidden = !said.problem;
  aside.classList.toggle("behind", Boolean(said.problem));
  if (said.problem) return;
  const options = said.stages.map(({ value, text }) => new Option(text, value, false, value === said.stage));
  stage.replaceChildren(...options);
  stage.closest("label").hidden = options.length < 2;
  for (const pane of panes) {
    const { locale } = pane.dataset;
    const host = { locale, tz: Intl.DateTimeFormat().resolvedOptions().timeZone };
    render(html`<${Blocks} blocks=${said.cards[locale]} host=${host} />`, pane);
  }
}

function soon(event) {
  if (event.target !== stage) changed = true;
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

form.addEventListener("input", soon);
stage.addEventListener("change", soon);
aside.hidden = false;
ask();
