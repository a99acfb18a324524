// One box that ticks or clears all boxes of a list that are shown. Without script it is not seen.
const all = document.querySelector("[data-tick-all]");
const boxes = [...document.querySelectorAll(`input[form="${all.dataset.tickAll}"][type="checkbox"]`)];

function tell() {
  const ticked = boxes.filter((box) => box.checked).length;
  all.checked = ticked === boxes.length;
  all.indeterminate = ticked > 0 && !all.checked;
}

all.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
});
for (const box of boxes) box.addEventListener("change", tell);
all.closest("label").hidden = false;
tell();
