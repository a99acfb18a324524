// The page's few signs, drawn here because not every machine's fonts have them.
import { html } from "/sandbox/blockkit/index.js";

const PATHS = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2m-7.5 0h9v6.5h-9z",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  bolt: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  send: "M2 2.5 14 8 2 13.5 4 8zM4 8h6",
  app: "M8 1.5 14.5 8 8 14.5 1.5 8zM8 5.2 10.8 8 8 10.8 5.2 8z",
  reply: "M2 3h12v7.5H8l-3.5 3v-3H2z",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
  plus: "M8 3v10M3 8h10",
  tools: "M2 4h12M2 8h12M2 12h12M5 2.5v3M11 6.5v3M7 10.5v3",
  split: "M2 3h12v10H2zM8 3v10",
  person: "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.4-3 2.4-4.5 5-4.5s4.6 1.5 5 4.5",
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"
    fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"
    stroke-linecap="round"><path d=${PATHS[name]} /></svg>`;
}
