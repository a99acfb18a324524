// The live board reads itself again: what changed is put in its place, the rest is not touched.
const EVERY = 15_000; // milliseconds
const live = document.querySelector("[data-live]");
const trouble = document.querySelector("[data-trouble]");
let timer = 0;

async function again() {
  clearTimeout(timer);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Redress-By-Itself": "yes" } });
    if (!answer.ok) throw new Error(answer.status);
    put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    trouble.hidden = true;
  } catch {
    // The moment at which they were read still stands above.
    if (trouble.hidden) trouble.textContent = live.dataset.failed;
    trouble.hidden = false;
  }
  timer = setTimeout(again, EVERY);
}

function put(page) {
  const keys = (of) => [...of.querySelectorAll("section[data-key]")].map((one) => one.dataset.key).join(" ");
  if (keys(page) !== keys(document)) return location.reload(); // workflows came or went
  for (const old of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${old.dataset.part}"]`);
    if (!fresh || fresh.innerHTML === old.innerHTML) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...document.adoptNode(fresh).childNodes);
    if (focused) [...old.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event("figures"));
}

// Nobody looks at a hidden window: it reads when it is seen again.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else again();
});
timer = setTimeout(again, EVERY);
