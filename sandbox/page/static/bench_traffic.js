// Every request and answer, both ways, as they come.
import { html, useEffect, useMemo, useRef, useState } from "/sandbox/blockkit/index.js";

import { useBench } from "./bench.js";
import { Exchange } from "./bench_exchange.js";
import { failed, say } from "./bench_words.js";

const EVERY_MS = 1000;
const KEPT = 2000;

// The exchanges so far, asked for once a second while the page is looked at.
function useExchanges(paused) {
  const { control, fail } = useBench();
  const [exchanges, setExchanges] = useState([]);
  const last = useRef(0);
  const ask = async () => {
    try {
      const { exchanges: more } = await control("GET", `traffic?since=${last.current}&limit=${KEPT}`);
      fail(null);
      if (!more.length) return;
      last.current = more.at(-1).n;
      setExchanges((known) => [...known, ...more].slice(-KEPT));
    } catch (error) {
      fail(error);
    }
  };
  useEffect(() => {
    if (paused) return undefined;
    ask();
    const timer = setInterval(() => !document.hidden && ask(), EVERY_MS);
    return () => clearInterval(timer);
  }, [paused]);
  return [exchanges, () => setExchanges([]), ask];
}

function fits(exchange, { text, direction, app, bad }) {
  const wanted = text.trim().toLowerCase();
  return (!direction || exchange.direction === direction)
    && (!app || exchange.app === app)
    && (!bad || failed(exchange))
    && (!wanted || [exchange.what, exchange.note, exchange.request, exchange.answer]
      .some((part) => part.toLowerCase().includes(wanted)));
}

export function Traffic() {
  const { lang } = useBench();
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState({ text: "", direction: "", app: "", bad: false });
  const [chosen, setChosen] = useState(null);
  const [exchanges, clear, ask] = useExchanges(paused);
  const shown = useMemo(() => exchanges.filter((one) => fits(one, filter)).reverse(),
    [exchanges, filter]);
  const exchange = exchanges.find((one) => one.n === chosen);
  return html`<main class="traffic" data-shown=${exchange ? "one" : "list"} id="main">
    <section class="traffic-list">
      <${Filters} exchanges=${exchanges} filter=${filter} setFilter=${setFilter}
        paused=${paused} setPaused=${setPaused} clear=${() => (clear(), setChosen(null))} />
      <div class="traffic-scroll" tabindex="0" role="region" aria-label=${say(lang, "traffic")}>
        ${shown.length
          ? html`<${Rows} shown=${shown} chosen=${chosen} choose=${setChosen} />`
          : html`<p class="bench-empty">${say(lang, exchanges.length ? "none_fit" : "no_traffic")}</p>`}
      </div>
    </section>
    ${exchange
      ? html`<${Exchange} key=${exchange.n} exchange=${exchange} close=${() => setChosen(null)}
          ask=${ask} />`
      : html`<section class="exchange bench-empty"><p>${say(lang, "choose_one")}</p></section>`}
  </main>`;
}

function Filters({ exchanges, filter, setFilter, paused, setPaused, clear }) {
  const { lang } = useBench();
  const apps = [...new Set(exchanges.map((one) => one.app).filter(Boolean))].sort();
  const put = (name) => (event) => {
    const { type, checked, value } = event.target;
    setFilter({ ...filter, [name]: type === "checkbox" ? checked : value });
  };
  return html`<div class="filters" role="search">
    <input class="bk-input" type="search" value=${filter.text} onInput=${put("text")}
      placeholder=${say(lang, "filter")} aria-label=${say(lang, "filter")} />
    <select class="bk-input" value=${filter.direction} onChange=${put("direction")}
      aria-label=${say(lang, "direction")}>
      ${["", "in", "out"].map((one) => html`<option value=${one}>
        ${say(lang, `direction_${one || "any"}`)}</option>`)}
    </select>
    ${apps.length > 1 && html`<select class="bk-input" value=${filter.app} onChange=${put("app")}
      aria-label=${say(lang, "app")}>
      <option value="">${say(lang, "any_app")}</option>
      ${apps.map((one) => html`<option value=${one}>${one}</option>`)}
    </select>`}
    <label class="bk-box"><input type="checkbox" checked=${filter.bad} onChange=${put("bad")} />
      <span>${say(lang, "only_bad")}</span></label>
    <button type="button" class="plain-button" aria-pressed=${paused}
      onClick=${() => setPaused(!paused)}>${say(lang, paused ? "go_on" : "pause")}</button>
    <button type="button" class="plain-button" onClick=${clear}>${say(lang, "clear")}</button>
  </div>`;
}

function Rows({ shown, chosen, choose }) {
  const { lang } = useBench();
  return html`<table class="rows">
    <thead><tr>${["at", "way", "what", "status", "ms"].map((name) =>
      html`<th scope="col" class=${`col-${name}`}>${say(lang, `col_${name}`)}</th>`)}</tr></thead>
    <tbody>${shown.slice(0, 500).map((one) => html`<tr key=${one.n} data-bad=${failed(one)}
      data-chosen=${one.n === chosen} onClick=${() => choose(one.n)}>
      <td class="col-at">${new Date(one.at * 1000).toLocaleTimeString("sv-SE")}</td>
      <td class="col-way"><span aria-hidden="true">${one.direction === "in" ? "→" : "←"}</span>
        <span class="unseen">${say(lang, `direction_${one.direction}`)}</span></td>
      <td class="col-what"><button type="button" aria-pressed=${one.n === chosen}
        onClick=${() => choose(one.n)}>${one.what}</button>
        ${one.note && html`<small>${one.note}</small>`}</td>
      <td class="col-status">${one.status ?? "–"}${failed(one) && html` <span
        class="unseen">${say(lang, "bad")}</span>`}</td>
      <td class="col-ms">${Math.round(one.ms)}</td>
    </tr>`)}</tbody>
  </table>`;
}
