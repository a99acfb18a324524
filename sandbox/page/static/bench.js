// The engineers' page: what went over the wire, what is to go wrong, and what time it is.
import { createContext, html, render, tag, useContext, useEffect, useState }
  from "/sandbox/blockkit/index.js";

import { Clock } from "./bench_clock.js";
import { Faults } from "./bench_faults.js";
import { Traffic } from "./bench_traffic.js";
import { say } from "./bench_words.js";
import { applyTheme, chosenLanguage, Theme } from "./looks.js";

const PARTS = { traffic: Traffic, faults: Faults, clock: Clock };

const Bench = createContext(null);

// {lang, control, fail}: the language, the way to the sandbox, and where errors are shown.
export function useBench() {
  return useContext(Bench);
}

// Requests to the control routes; what goes wrong is thrown as a sentence.
async function control(method, path, body) {
  const headers = body ? { "content-type": "application/json" } : {};
  const answer = await fetch(`/sandbox/${path}`, {
    method, headers, body: body && JSON.stringify(body),
  });
  const given = await answer.json();
  if (!answer.ok) throw new Error(given.detail ?? given.error);
  return given;
}

function App({ lang }) {
  const [part, setPart] = useState(location.hash.slice(1).split("/")[0]);
  const [error, setError] = useState(null);
  useEffect(() => {
    const moved = () => setPart(location.hash.slice(1).split("/")[0]);
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  const shown = part in PARTS ? part : "traffic";
  const fail = (problem) => setError(problem && (problem instanceof TypeError
    ? say(lang, "no_answer") : problem.message));
  const other = lang === "en" ? "zh_CN" : "en";
  return html`<${Bench.Provider} value=${{ lang, control, fail }}>
    <div class="bench">
      <header class="bench-head">
        <h1>${say(lang, "bench")}</h1>
        <nav class="tabs" aria-label=${say(lang, "bench")}>
          ${Object.keys(PARTS).map((name) => html`<a href=${`#${name}`}
            aria-current=${name === shown ? "page" : undefined}>${say(lang, name)}</a>`)}
        </nav>
        <a class="tool" href="/">${say(lang, "workspace")}</a>
        <${Theme} say=${say} lang=${lang} />
        <a class="tool" href=${`?lang=${other}${location.hash}`} lang=${tag(other)}>
          ${say(lang, "language")}</a>
      </header>
      ${error && html`<p class="banner" role="alert">${error}</p>`}
      <${PARTS[shown]} />
    </div>
  </${Bench.Provider}>`;
}

applyTheme();
const lang = chosenLanguage(navigator.language);
document.documentElement.lang = tag(lang);
document.title = say(lang, "bench");
render(html`<${App} lang=${lang} />`, document.getElementById("root"));
