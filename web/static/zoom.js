// Pictures of evidence in a dialog that they fill: arrows, swipes and buttons go on; +, - and 0 zoom.
// Without it, links open files.
const MOST = 8; // times the size that fits
const STEP = 1.5;

const dialog = document.getElementById("zoom");
const links = [...document.querySelectorAll("a[data-zoom]")];
const [frame, image, caption] = [dialog.querySelector("[data-frame]"), dialog.querySelector("img"), dialog.querySelector("figcaption")];
let at = 0;
let from = 0;
let times = 1;

function show(place) {
  at = (place + links.length) % links.length;
  const link = links[at];
  image.src = link.dataset.zoom;
  image.alt = link.dataset.title;
  dialog.querySelector("[data-file]").href = link.href;
  enlarge(1);
}

function enlarge(wanted) {
  const [x, y] = [frame.scrollLeft + frame.clientWidth / 2, frame.scrollTop + frame.clientHeight / 2];
  const before = times;
  times = Math.min(Math.max(wanted, 1), MOST);
  image.style.width = image.style.height = `${times * 100}%`;
  frame.scrollTo((x * times) / before - frame.clientWidth / 2, (y * times) / before - frame.clientHeight / 2);
  for (const button of dialog.querySelectorAll("[data-times]")) {
    const end = Number(button.dataset.times) > 1 ? MOST : 1;
    button.setAttribute("aria-disabled", String(times === end));
  }
  const told = dialog.dataset.of.replace("{number}", at + 1).replace("{count}", links.length);
  caption.textContent = `${links[at].dataset.title} · ${told} · ${Math.round(times * 100)} %`;
}

// Nothing is multiplied by 0: that is the size which fits.
const zoom = (by) => enlarge(by ? times * by : 1);

for (const [place, link] of links.entries()) {
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
    show(place);
  });
}
for (const button of dialog.querySelectorAll("[data-step]")) {
  button.hidden = links.length < 2;
  button.addEventListener("click", () => show(at + Number(button.dataset.step)));
}
for (const button of dialog.querySelectorAll("[data-times]")) {
  button.addEventListener("click", () => zoom(Number(button.dataset.times)));
}
dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => links[at].focus());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
dialog.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own zoom stays
  const by = { "+": STEP, "=": STEP, "-": 1 / STEP, 0: 0 }[event.key];
  if (by !== undefined) zoom(by);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && times === 1 && links.length > 1) show(at + step); // enlarged, arrows move the picture
});
frame.addEventListener("touchstart", (event) => { from = event.touches[0].clientX; }, { passive: true });
frame.addEventListener("touchend", (event) => {
  const moved = event.changedTouches[0].clientX - from;
  if (Math.abs(moved) > 40 && times === 1 && links.length > 1) show(at - Math.sign(moved));
});
