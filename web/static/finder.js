// The slash key leads to the search on top, unless somebody is typing.
const field = document.getElementById("finder");

const typing = (element) => element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) return;
  event.preventDefault();
  field.focus();
  field.select();
});
