// The workspace's clock and its rate limits.
import { html, tag, useEffect, useState } from "/sandbox/blockkit/index.js";

import { useBench } from "./bench.js";
import { say } from "./bench_words.js";

const STEPS = [-86_400, -3600, 60, 600, 1800, 3600, 86_400];
const MODES = ["off", "posts", "all"];
const EVERY_MS = 1000;

export function Clock() {
  const { lang, control, fail } = useBench();
  const [clock, setClock] = useState(null);
  const [seconds, setSeconds] = useState(90);
  const [at, setAt] = useState("");
  const look = () => control("GET", "clock").then((found) => (fail(null), setClock(found)), fail);
  useEffect(() => {
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const change = (body) => control("POST", "clock", body).then(setClock, fail);
  const jump = (event) => {
    event.preventDefault();
    if (at) change({ at: new Date(at).getTime() / 1000 });
  };
  return html`<main class="sheet" id="main">
    <section class="panel">
      <h2>${say(lang, "clock")}</h2>
      ${clock && html`<p class="clock-now"><time datetime=${new Date(clock.now * 1000).toISOString()}>
          ${whole(clock.now, lang)}</time>
        <span class="clock-state" data-held=${clock.held}>
          ${say(lang, clock.held ? "held" : "runs")}</span></p>
        <button type="button" class="bk-button bk-primary"
          onClick=${() => change({ hold: !clock.held })}>
          ${say(lang, clock.held ? "release" : "hold")}</button>
        <p class="bk-hint">${say(lang, "clock_means")}</p>`}
      <h3>${say(lang, "move")}</h3>
      <div class="steps">${STEPS.map((step) => html`<button type="button" class="plain-button"
        onClick=${() => change({ move: step })}>${stepWords(step, lang)}</button>`)}</div>
      <form class="form form-line" onSubmit=${(event) => (event.preventDefault(),
        change({ move: Number(seconds) }))}>
        <label>${say(lang, "by_seconds")}
          <input class="bk-input" type="number" step="any" value=${seconds}
            onInput=${(event) => setSeconds(event.target.value)} /></label>
        <button type="submit" class="plain-button">${say(lang, "move_now")}</button>
      </form>
      <form class="form form-line" onSubmit=${jump}>
        <label>${say(lang, "to_moment")}
          <input class="bk-input" type="datetime-local" value=${at}
            onInput=${(event) => setAt(event.target.value)} /></label>
        <button type="submit" class="plain-button" disabled=${!at}>${say(lang, "move_now")}</button>
      </form>
    </section>
    <${Rates} />
  </main>`;
}

function whole(seconds, lang) {
  const style = { dateStyle: "full", timeStyle: "medium" };
  return new Intl.DateTimeFormat(tag(lang), style).format(seconds * 1000);
}

function stepWords(step, lang) {
  const [unit, size] = [["day", 86_400], ["hour", 3600], ["minute", 60]]
    .find(([, one]) => Math.abs(step) >= one);
  const style = { style: "unit", unit, unitDisplay: "long", signDisplay: "always" };
  return new Intl.NumberFormat(tag(lang), style).format(step / size);
}

function Rates() {
  const { lang, control, fail } = useBench();
  const [mode, setMode] = useState(null);
  useEffect(() => {
    control("GET", "rates").then((found) => setMode(found.mode), fail);
  }, []);
  const choose = (wanted) => control("POST", "rates", { mode: wanted })
    .then((found) => setMode(found.mode), fail);
  return html`<section class="panel">
    <h2>${say(lang, "rates")}</h2>
    <fieldset class="bk-boxes"><legend class="unseen">${say(lang, "rates")}</legend>
      ${MODES.map((one) => html`<label class="bk-box"><input type="radio" name="rates"
        checked=${mode === one} onChange=${() => choose(one)} />
        <span>${say(lang, `rates_${one}`)}</span></label>`)}
    </fieldset>
  </section>`;
}
