// A list of options under a button: used by selects and overflow menus alike.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";

const GAP = 4;

// Where the list goes: below its anchor, or above where there is more room.
function place(anchor, list) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom;
  const up = below < Math.min(list.offsetHeight, 260) && box.top > below;
  const width = Math.max(box.width, 220);
  list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  list.style.width = `${Math.min(width, innerWidth - 16)}px`;
  list.style.maxHeight = `${Math.min(320, (up ? box.top : below) - GAP - 8)}px`;
  if (up) {
    list.style.bottom = `${innerHeight - box.top + GAP}px`;
    list.style.top = "auto";
  } else {
    list.style.top = `${box.bottom + GAP}px`;
    list.style.bottom = "auto";
  }
}

// A floating panel that closes when the reader looks elsewhere. `anchor` is a ref.
export function Floating({ anchor, close, children, label, role }) {
  const own = useRef(null);
  useLayoutEffect(() => {
    place(anchor.current, own.current);
  });
  useEffect(() => {
    const leave = (event) => {
      const inside = own.current?.contains(event.target) || anchor.current?.contains(event.target);
      if (!inside) close();
    };
    const shift = (event) => {
      if (!own.current?.contains(event.target)) place(anchor.current, own.current);
    };
    document.addEventListener("pointerdown", leave, true);
    document.addEventListener("scroll", shift, true);
    return () => {
      document.removeEventListener("pointerdown", leave, true);
      document.removeEventListener("scroll", shift, true);
    };
  }, []);
  return html`<div class="bk-floating" ref=${own} role=${role} aria-label=${label}>${children}</div>`;
}

// The place of the highlighted row among `count`, moved by the arrow keys, Home and End.
export function useHighlight(count) {
  const [at, setAt] = useState(0);
  const move = (event) => {
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 };
    if (!(event.key in steps) || !count) return false;
    event.preventDefault();
    setAt((steps[event.key] + count) % count);
    return true;
  };
  return [Math.min(at, Math.max(count - 1, 0)), setAt, move];
}

// Keep a highlighted row in sight.
export function intoView(element) {
  element?.scrollIntoView({ block: "nearest" });
}
