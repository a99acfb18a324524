// A person's or app's picture: initials on one of eight quiet colours.
import { html } from "/sandbox/blockkit/index.js";

export function Avatar({ id, name, app }) {
  let sum = 0;
  for (const sign of id ?? "") sum += sign.codePointAt(0);
  const words = (name ?? "?").trim().split(/\s+/);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const second = words.length > 1 ? [...words.at(-1)][0] : "";
  return html`<span class=${`avatar tone-${sum % 8}${app ? " avatar-app" : ""}`}
    aria-hidden="true">${(first + second).toUpperCase()}</span>`;
}
