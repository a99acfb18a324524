// What is to go wrong between apps and Slack: set by hand, struck in the order they stand in.
import { html, useEffect, useState } from "/sandbox/blockkit/index.js";

import { useBench } from "./bench.js";
import { say } from "./bench_words.js";

const EVERY_MS = 2000;

// What people say went wrong, as the fields of a fault; the numbers are where the form begins.
const TROUBLES = {
  ratelimited: { kind: "ratelimited", retry_after: 5 },
  status: { kind: "status", status: 503 },
  internal_error: { kind: "error", error: "internal_error" },
  slow: { kind: "slow", seconds: 4 },
  lost: { kind: "silence", seconds: 30, accepted: true },
  reset: { kind: "reset", accepted: true },
  refused: { kind: "reset" },
  token_revoked: { kind: "error", error: "token_revoked" },
  is_archived: { kind: "error", error: "is_archived", method: "chat.postMessage" },
  message_not_found: { kind: "error", error: "message_not_found", method: "chat.update" },
  duplicate: { kind: "duplicate" },
  undelivered: { kind: "undelivered" },
  late: { kind: "late", seconds: 4 },
};
const NUMBERS = ["retry_after", "status", "seconds"];
const TO_APPS = ["duplicate", "undelivered", "late"];
const METHODS = ["chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral", "views.open",
  "views.update", "views.publish", "conversations.info", "conversations.history", "conversations.join",
  "users.info", "users.lookupByEmail", "files.getUploadURLExternal", "files.completeUploadExternal",
  "reactions.add", "auth.test", "apps.connections.open"];
const REQUESTS = ["block_actions", "view_submission", "view_closed", "message_action", "shortcut",
  "block_suggestion", "event message", "event app_mention", "event app_home_opened"];

export function Faults() {
  const { lang, control, fail } = useBench();
  const [faults, setFaults] = useState([]);
  const [channels, setChannels] = useState([]);
  const look = async () => {
    try {
      setFaults((await control("GET", "faults")).faults);
      fail(null);
    } catch (error) {
      fail(error);
    }
  };
  useEffect(() => {
    look();
    control("GET", "channels").then((found) => setChannels(found.channels), fail);
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const add = async (fault) => {
    try {
      await control("POST", "faults", fault);
    } catch (error) {
      fail(error);
      return;
    }
    await look();
  };
  const clear = async () => {
    await control("DELETE", "faults").catch(fail);
    await look();
  };
  return html`<main class="sheet" id="main">
    <section class="panel">
      <h2>${say(lang, "new_fault")}</h2>
      <${Form} add=${add} channels=${channels} />
    </section>
    <section class="panel">
      <div class="panel-head"><h2>${say(lang, "faults")}</h2>
        ${faults.length > 0 && html`<button type="button" class="plain-button" onClick=${clear}>
          ${say(lang, "heal")}</button>`}</div>
      ${faults.length
        ? html`<ul class="fault-list">${faults.map((one) => html`<${Fault} fault=${one}
            channels=${channels} />`)}</ul>`
        : html`<p class="bench-empty">${say(lang, "no_faults")}</p>`}
    </section>
  </main>`;
}

function Fault({ fault, channels }) {
  const { lang } = useBench();
  const channel = channels.find((one) => one.id === fault.channel);
  const where = fault.channel ? ` · #${channel?.name ?? fault.channel}` : "";
  const detail = { ratelimited: `${fault.retry_after} s`, status: fault.status, error: fault.error,
    slow: `${fault.seconds} s`, silence: `${fault.seconds} s`, late: `${fault.seconds} s` };
  const spent = fault.times !== null && fault.struck >= fault.times;
  return html`<li class="fault" data-spent=${spent}>
    <strong>${say(lang, `kind_${fault.kind}`)}</strong> ${detail[fault.kind]}
    <span>${fault.method === "*" ? say(lang, "any_method") : fault.method}${where}</span>
    ${fault.accepted && html`<span>${say(lang, "accepted")}</span>`}
    <span>${say(lang, "struck", { n: fault.struck, of: fault.times ?? "∞" })}</span></li>`;
}

function Form({ add, channels }) {
  const { lang } = useBench();
  const [trouble, setTrouble] = useState("ratelimited");
  const [fields, setFields] = useState({ ...TROUBLES.ratelimited, method: "*", times: 1 });
  const toApps = TO_APPS.includes(fields.kind);
  const begin = (name) => {
    setTrouble(name);
    setFields({ method: "*", times: fields.times, channel: fields.channel, ...TROUBLES[name] });
  };
  const put = (name, value) => setFields({ ...fields, [name]: value });
  const send = (event) => {
    event.preventDefault();
    const { channel, times, ...rest } = fields;
    const fault = { ...rest, method: rest.method.trim() || "*", times: times || null };
    if (channel && !toApps) fault.channel = channel;
    add(fault);
  };
  return html`<form class="form" onSubmit=${send}>
    <label>${say(lang, "trouble")}
      <select class="bk-input" value=${trouble} onChange=${(event) => begin(event.target.value)}>
        ${Object.keys(TROUBLES).map((name) => html`<option value=${name}>
          ${say(lang, `trouble_${name}`)}</option>`)}
      </select></label>
    <label>${say(lang, toApps ? "request_kind" : "method")}
      <input class="bk-input" list="methods" value=${fields.method} autocomplete="off"
        onInput=${(event) => put("method", event.target.value)} />
      <datalist id="methods">${["*", ...(toApps ? REQUESTS : METHODS)].map((one) =>
        html`<option value=${one} />`)}</datalist></label>
    ${!toApps && html`<label>${say(lang, "channel")}
      <select class="bk-input" value=${fields.channel ?? ""}
        onChange=${(event) => put("channel", event.target.value)}>
        <option value="">${say(lang, "any_channel")}</option>
        ${channels.map((one) => html`<option value=${one.id}>#${one.name}</option>`)}
      </select></label>`}
    ${NUMBERS.filter((name) => name in fields).map((name) => html`<label>${say(lang, name)}
      <input class="bk-input" type="number" min="0" step="any" value=${fields[name]}
        onInput=${(event) => put(name, Number(event.target.value))} /></label>`)}
    ${"error" in fields && html`<label>${say(lang, "error_code")}
      <input class="bk-input" value=${fields.error}
        onInput=${(event) => put("error", event.target.value)} /></label>`}
    <label>${say(lang, "times")}
      <input class="bk-input" type="number" min="0" value=${fields.times}
        onInput=${(event) => put("times", Number(event.target.value))} /></label>
    <button type="submit" class="bk-button bk-primary">${say(lang, "inject")}</button>
  </form>`;
}
