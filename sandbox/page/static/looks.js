// What both pages share of how they look and speak: theme and language, remembered by the browser.
import { html, useState } from "/sandbox/blockkit/index.js";

// The theme chosen before, here or in a frame beside; else the system's.
export function applyTheme() {
  const theme = localStorage.getItem("sandbox.theme");
  if (theme) document.documentElement.dataset.theme = theme;
}

// The language asked for, now or before; else `own`, such as a person's.
export function chosenLanguage(own) {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) localStorage.setItem("sandbox.lang", asked);
  const wanted = asked ?? localStorage.getItem("sandbox.lang") ?? own;
  return wanted.replace("-", "_").startsWith("zh") ? "zh_CN" : "en";
}

export function Theme({ say, lang }) {
  const systemDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [theme, setTheme] = useState(
    document.documentElement.dataset.theme ?? (systemDark ? "dark" : "light"),
  );
  const next = theme === "dark" ? "light" : "dark";
  const turn = () => {
    localStorage.setItem("sandbox.theme", next);
    applyTheme();
    setTheme(next);
  };
  return html`<button type="button" class="tool" onClick=${turn}>
    ${say(lang, `theme_${next}`)}</button>`;
}
