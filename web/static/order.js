// Rows of the draft put into another order: dragged, or moved by the arrow keys on their handle.
// Every order is saved at once with the mark that it was read with; a stale one is refused.
const KEYS = { ArrowUp: -1, ArrowDown: 1 };

for (const list of document.querySelectorAll("[data-order]")) {
  const said = list.parentElement.querySelector(".order-said");
  let saving = Promise.resolve();

  const rows = (ol) => [...ol.children].filter((row) => row.dataset.id);

  function tell(text, bad = false) {
    said.textContent = text;
    said.classList.toggle("bad", bad);
  }

  function order() {
    return rows(list).flatMap((row) => {
      const below = row.querySelector(":scope > .leaves");
      const leaves = below ? rows(below).map((leaf) => `${leaf.dataset.id}:${row.dataset.id}`) : [];
      return [row.dataset.id, ...leaves];
    });
  }

  async function send() {
    const body = new URLSearchParams({ csrf_token: list.dataset.csrf, mark: list.dataset.mark, order: order().join(",") });
    try {
      const answer = await fetch(list.dataset.order, { method: "POST", body });
      const news = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      if (answer.ok) list.dataset.mark = news.mark;
      tell(news.said ?? list.dataset.failed, !answer.ok);
    } catch {
      tell(list.dataset.failed, true);
    }
  }

  // One after the other: each needs the mark that the one before gave.
  function save() {
    for (const ol of [list, ...list.querySelectorAll(".leaves")]) ends(ol);
    saving = saving.then(send);
  }

  function ends(ol) {
    const all = rows(ol);
    all.forEach((row, at) => {
      const [up, down] = row.querySelectorAll(":scope > .moves button:not(.handle)");
      if (up) [up.disabled, down.disabled] = [at === 0, at === all.length - 1];
    });
  }

  function step(row, way) {
    const all = rows(row.parentElement);
    const at = all.indexOf(row);
    const other = all[at + way];
    if (!other) return;
    if (way < 0) other.before(row);
    else other.after(row);
    placed(row);
  }

  // Left leaves the trunk, right enters the one above.
  function change(row, inwards) {
    const trunk = row.parentElement.closest("li");
    if (inwards) {
      if (trunk) return;
      let above = row.previousElementSibling;
      while (above && !above.querySelector(":scope > .leaves")) above = above.previousElementSibling;
      if (!above) return;
      above.querySelector(":scope > .leaves").append(row);
    } else {
      if (!trunk) return;
      trunk.after(row);
    }
    placed(row);
  }

  function placed(row) {
    const all = rows(row.parentElement);
    row.querySelector(":scope > .moves .handle").focus();
    const words = { name: row.dataset.name, at: all.indexOf(row) + 1, of: all.length };
    tell(list.dataset.place.replace(/\{(\w+)\}/g, (_, word) => words[word]));
    save();
  }

  for (const row of list.querySelectorAll("li[data-id]")) {
    const moves = row.querySelector(":scope > .moves");
    if (!moves) continue; // a trunk
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "quiet icon handle";
    handle.textContent = "⠿";
    handle.title = list.dataset.handle.replace("{name}", row.dataset.name);
    handle.setAttribute("aria-label", handle.title);
    handle.addEventListener("keydown", (event) => {
      if (event.key in KEYS) step(row, KEYS[event.key]);
      else if (event.key === "ArrowLeft" || event.key === "ArrowRight") change(row, event.key === "ArrowRight");
      else return;
      event.preventDefault();
    });
    moves.prepend(handle);
  }

  for (const ol of [list, ...list.querySelectorAll(".leaves")]) {
    window.Sortable.create(ol, {
      group: list.dataset.order,
      handle: ".handle",
      draggable: "li",
      ghostClass: "dragged",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      onEnd: ({ from, to, oldIndex, newIndex }) => {
        if (from !== to || oldIndex !== newIndex) save();
      },
    });
  }
}
