// One request with its answer: headers, body as sent and as meant, signature, replay and curl.
import { html, useEffect, useState } from "/sandbox/blockkit/index.js";

import { useBench } from "./bench.js";
import { say } from "./bench_words.js";

const SHOWN = 200; // characters of the signed text

// JSON laid out; a form's fields one by one, its payload as JSON; anything else as it is.
export function laidOut(text) {
  const json = parsed(text);
  if (json !== undefined) return JSON.stringify(json, null, 2);
  if (!/^[\w.~%+-]+=/.test(text)) return text;
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [name, parsed(value) ?? value]);
  return JSON.stringify(Object.fromEntries(fields), null, 2);
}

function parsed(text) {
  try {
    const found = JSON.parse(text);
    return typeof found === "object" ? found : undefined;
  } catch {
    return undefined;
  }
}

export function Exchange({ exchange, close, ask }) {
  const { lang, control, fail } = useBench();
  const [more, setMore] = useState(null);
  const [done, setDone] = useState(null);
  useEffect(() => {
    control("GET", `traffic/${exchange.n}`).then(setMore, fail);
  }, []);
  const run = async (key, work) => {
    try {
      await work();
      setDone(key);
      await ask();
    } catch (error) {
      fail(error);
    }
  };
  const replay = () => control("POST", `traffic/${exchange.n}/replay`, {});
  const copy = () => navigator.clipboard.writeText(more.curl);
  const title = `${exchange.direction === "in" ? "→" : "←"} ${exchange.what}`;
  return html`<section class="exchange" aria-label=${title} tabindex="0">
    <header class="exchange-head">
      <button type="button" class="tool" onClick=${close} aria-label=${say(lang, "close")}>×</button>
      <h2>${title}</h2>
      <button type="button" class="plain-button" disabled=${!more}
        onClick=${() => run("replayed", replay)}>${say(lang, "replay")}</button>
      <button type="button" class="plain-button" disabled=${!more?.curl}
        onClick=${() => run("copied", copy)}>${say(lang, "curl")}</button>
      <span class="exchange-done" role="status">${done && say(lang, done)}</span>
    </header>
    <${Facts} exchange=${exchange} />
    ${more?.signature && html`<${Signature} signature=${more.signature}
      at=${exchange.at} />`}
    <${Body} title=${say(lang, "request")} text=${exchange.request} />
    ${Object.keys(exchange.headers).length > 0 && html`<${Headers} headers=${exchange.headers} />`}
    <${Body} title=${say(lang, "answer")} text=${exchange.answer} />
    ${more?.curl && html`<${Body} title="curl" text=${more.curl} plain />`}
  </section>`;
}

function Facts({ exchange }) {
  const { lang } = useBench();
  const facts = [
    ["col_at", new Date(exchange.at * 1000).toISOString()],
    ["col_way", say(lang, `direction_${exchange.direction}`)],
    ["app", exchange.app],
    ["address", exchange.url],
    ["transport", exchange.transport],
    ["col_status", exchange.status ?? "–"],
    ["col_ms", `${exchange.ms} ms`],
    ["note", exchange.note],
  ].filter(([, value]) => value);
  return html`<dl class="facts">${facts.map(([key, value]) => html`<dt>${say(lang, key)}</dt>
    <dd>${value}</dd>`)}</dl>`;
}

function Signature({ signature, at }) {
  const { lang } = useBench();
  const age = Math.max(0, at - Number(signature.timestamp)).toFixed(1);
  const { base } = signature;
  return html`<section class="part">
    <h3>${say(lang, "signature")}</h3>
    <p class=${signature.matches ? "good" : "bad"}>
      ${say(lang, signature.matches ? "signature_good" : "signature_bad", { age })}</p>
    <dl class="facts"><dt>${say(lang, "signed_text")}</dt><dd><code>
        ${base.length > SHOWN ? `${base.slice(0, SHOWN)}…` : base}</code></dd>
      <dt>${say(lang, "expected")}</dt><dd><code>${signature.expected}</code></dd>
      <dt>${say(lang, "sent")}</dt><dd><code>${signature.given}</code></dd></dl>
  </section>`;
}

function Headers({ headers }) {
  const { lang } = useBench();
  return html`<section class="part"><h3>${say(lang, "headers")}</h3>
    <dl class="facts">${Object.entries(headers).map(([name, value]) => html`<dt>${name}</dt>
      <dd><code>${value}</code></dd>`)}</dl></section>`;
}

function Body({ title, text, plain }) {
  const { lang } = useBench();
  const [raw, setRaw] = useState(false);
  const shown = raw || plain ? text : laidOut(text);
  return html`<section class="part">
    <h3>${title}
      ${!plain && text && html`<button type="button" class="tool" aria-pressed=${raw}
        onClick=${() => setRaw(!raw)}>${say(lang, "raw")}</button>`}</h3>
    ${text ? html`<pre class="bk-pre" tabindex="0" role="region" aria-label=${title}>${shown}</pre>`
      : html`<p class="bk-hint">${say(lang, "no_body")}</p>`}
  </section>`;
}
