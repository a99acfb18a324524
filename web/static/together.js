// Tells the desk that this page of the draft is open, and shows who else is at the draft.
const EVERY = 30_000; // milliseconds; core/desk/draft_presence.py forgets after a few of them

const list = document.querySelector("[data-here]");

async function tell() {
  if (document.hidden) return;
  const body = new URLSearchParams({ csrf_token: list.dataset.csrf });
  try {
    const answer = await fetch(list.dataset.here, { method: "POST", body, headers: { "X-Redress-By-Itself": "yes" } });
    if (answer.ok) show((await answer.json()).said);
  } catch {
    // Told again soon; saving stays guarded whoever is seen.
  }
}

function show(said) {
  const known = [...list.children].map((item) => item.textContent);
  if (known.join("\n") === said.join("\n")) return;
  list.replaceChildren(
    ...said.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

document.addEventListener("visibilitychange", tell);
setInterval(tell, EVERY);
tell();
