// Pictures of evidence in a dialog: arrows, swipes and buttons go on. Without it, links open files.

const dialog = document.getElementById("zoom");
const links = [...document.querySelectorAll("a[data-zoom]")];
const [image, caption] = [dialog.querySelector("img"), dialog.querySelector("figcaption")];
let at = 0;
let from = 0;

function show(place) {
  at = (place + links.length) % links.length;
  const link = links[at];
  const told = dialog.dataset.of.replace("{number}", at + 1).replace("{count}", links.length);
  image.src = link.dataset.zoom;
  image.alt = link.dataset.title;
  caption.textContent = `${link.dataset.title} · ${told}`;
  dialog.querySelector("[data-file]").href = link.href;
}

for (const [place, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(place);
    dialog.showModal();
  });
}
for (const button of dialog.querySelectorAll("[data-step]")) {
  button.hidden = links.length < 2;
  button.addEventListener("click", () => show(at + Number(button.dataset.step)));
}
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => links[at].focus());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && links.length > 1) show(at + step);
});
image.addEventListener("touchstart", (event) => { from = event.touches[0].clientX; }, { passive: true });
image.addEventListener("touchend", (event) => {
  const moved = event.changedTouches[0].clientX - from;
  if (Math.abs(moved) > 40 && links.length > 1) show(at - Math.sign(moved));
});
