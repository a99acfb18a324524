// The command palette: Ctrl or Command with K, some letters, Enter. It knows the pages of the menu and
// hands what is none of them to the search. Without script nothing of it is seen.
const palette = document.getElementById("palette");
const typed = palette.querySelector("input");
const search = document.getElementById("palette-search");
const options = [...palette.querySelectorAll("[role=option]")];
const opener = document.querySelector("[data-palette]");
const finder = document.getElementById("finder");
let chosen = null;

const shown = () => options.filter((option) => !option.hidden);

function choose(option) {
  chosen?.setAttribute("aria-selected", "false");
  chosen = option ?? null;
  if (chosen) {
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    typed.setAttribute("aria-activedescendant", chosen.id);
  } else {
    typed.removeAttribute("aria-activedescendant");
  }
}

function narrow() {
  const text = typed.value.trim();
  const words = text.toLowerCase().split(/\s+/);
  for (const option of options) {
    const name = option.textContent.toLowerCase();
    option.hidden = option === search ? !text : !words.every((word) => name.includes(word));
  }
  search.textContent = palette.dataset.search.replace("{text}", () => text);
  choose(shown()[0]);
}

function open() {
  if (palette.open) return;
  typed.value = "";
  narrow();
  palette.showModal();
}

function go(option) {
  if (!option) return;
  if (option === search) {
    finder.value = typed.value;
    palette.close();
    finder.form.requestSubmit();
  } else {
    location.assign(option.dataset.url);
  }
}

function move(by) {
  const offered = shown();
  choose(offered.at((offered.indexOf(chosen) + by) % offered.length));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.shiftKey) return;
  if (event.key.toLowerCase() !== "k" || event.ctrlKey === event.metaKey) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else open();
});

typed.addEventListener("input", narrow);
typed.addEventListener("keydown", (event) => {
  if (event.isComposing) return; // Enter then ends a word that is being composed, in Chinese above all
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key === "Enter") go(chosen);
  else if (event.key in steps) move(steps[event.key]);
  else return;
  event.preventDefault();
});
palette.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) go(option);
  else if (event.target === palette) palette.close(); // beside it
});
opener.addEventListener("click", open);
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  opener.querySelector("kbd").textContent = "⌘ K";
  opener.setAttribute("aria-label", opener.getAttribute("aria-label").replace("Ctrl K", "⌘ K"));
}
opener.hidden = false;

// A long menu begins where the reader is.
const menu = document.querySelector(".side nav");
const current = menu?.querySelector("[aria-current]");
if (current) menu.scrollTop = current.offsetTop - menu.clientHeight / 2;
