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
  body.set("card_stage", stage.value); // a form may have a field for a stage of its own
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
    const host = { locale, tz: aside.dataset.zone };
    render(html`<${Blocks} blocks=${said.cards[locale]} host=${host} />`, pane);
    point(pane);
  }
}

// Outlines what the form is about, found by its label, and brings it into sight within its pane.
function point(pane) {
  for (const before of pane.querySelectorAll(".edited")) before.classList.remove("edited");
  const label = form.elements[pane.dataset.locale === "en" ? "label_en" : "label_zh"]?.value.trim();
  const texts = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
  while (label && texts.nextNode()) {
    if (texts.currentNode.data.trim() !== label) continue;
    const found = texts.currentNode.parentElement;
    const shown = found.closest("button, summary, label") ?? found;
    if (!shown.getClientRects().length) continue; // in a menu that is closed
    shown.classList.add("edited");
    const [own, around] = [shown.getBoundingClientRect(), pane.getBoundingClientRect()];
    pane.scrollTop += own.top - around.top - (around.height - own.height) / 2;
    return;
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
