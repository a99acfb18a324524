// A month to choose a day from (the grid pattern): arrows move by day and week, Page Up and Page
// Down by month, with Shift by year, Home and End within the week.
import { html, useLayoutEffect, useRef, useState } from "./html.js";
import { tag, word } from "./words.js";

const DAY = 86_400_000;
const WEEK = 7;

// Days are moments at midnight UTC, whatever the reader's zone: a day has no zone.
export function parseDay(text) {
  return Date.parse(`${text}T00:00:00Z`);
}

export function dayText(day) {
  return new Date(day).toISOString().slice(0, 10);
}

export function dayWords(day, locale, style = { dateStyle: "medium" }) {
  return new Intl.DateTimeFormat(tag(locale), { ...style, timeZone: "UTC" }).format(day);
}

// The same day some months away, or that month's last where it is shorter.
export function addMonths(day, months) {
  const from = new Date(day);
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1);
  const left = new Date(first);
  const last = new Date(Date.UTC(left.getUTCFullYear(), left.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(from.getUTCDate(), last) - 1) * DAY;
}

// Sunday first where the reader's language has it so, else Monday.
function firstWeekday(locale) {
  return locale === "en" ? 0 : 1;
}

function startOfWeek(day, locale) {
  return day - ((new Date(day).getUTCDay() - firstWeekday(locale) + WEEK) % WEEK) * DAY;
}

// The weeks of a day's month, from the first to the last.
export function weeksOf(day, locale) {
  const month = new Date(day).getUTCMonth();
  const first = Date.UTC(new Date(day).getUTCFullYear(), month, 1);
  const weeks = [];
  let at = startOfWeek(first, locale);
  while (at <= first || new Date(at).getUTCMonth() === month) {
    weeks.push(Array.from({ length: WEEK }, (_, n) => at + n * DAY));
    at += WEEK * DAY;
  }
  return weeks;
}

function moved(day, event, locale) {
  const months = event.shiftKey ? 12 : 1;
  const start = startOfWeek(day, locale);
  return {
    ArrowLeft: day - DAY,
    ArrowRight: day + DAY,
    ArrowUp: day - WEEK * DAY,
    ArrowDown: day + WEEK * DAY,
    Home: start,
    End: start + (WEEK - 1) * DAY,
    PageUp: addMonths(day, -months),
    PageDown: addMonths(day, months),
  }[event.key];
}

// `value` is a day or null, `today` where the reader begins without one.
export function Calendar({ value, today, choose, locale }) {
  const [at, setAt] = useState(value ?? today);
  const grid = useRef(null);
  const byKey = useRef(true);
  useLayoutEffect(() => {
    if (byKey.current) grid.current.querySelector("[tabindex='0']").focus();
  }, [at]);
  const turn = (months) => {
    byKey.current = false;
    setAt(addMonths(at, months));
  };
  const key = (event) => {
    const next = moved(at, event, locale);
    if (next === undefined) return;
    event.preventDefault();
    byKey.current = true;
    setAt(next);
  };
  const weeks = weeksOf(at, locale);
  const title = dayWords(at, locale, { year: "numeric", month: "long" });
  return html`<div class="bk-calendar">
    <div class="bk-calendar-head">
      <button type="button" class="bk-turn" aria-label=${word(locale, "earlier_month")}
        onClick=${() => turn(-1)}>‹</button>
      <strong aria-live="polite">${title}</strong>
      <button type="button" class="bk-turn" aria-label=${word(locale, "later_month")}
        onClick=${() => turn(1)}>›</button>
    </div>
    <table role="grid" aria-label=${title} ref=${grid} onKeyDown=${key}>
      <thead><tr>${weeks[0].map((day) => html`<th scope="col"
        abbr=${dayWords(day, locale, { weekday: "long" })}>
        ${dayWords(day, locale, { weekday: "narrow" })}</th>`)}</tr></thead>
      <tbody>${weeks.map((week) => html`<tr>${week.map((day) => html`<${Day} day=${day} at=${at}
        value=${value} today=${today} choose=${choose} locale=${locale} />`)}</tr>`)}</tbody>
    </table>
  </div>`;
}

function Day({ day, at, value, today, choose, locale }) {
  const other = new Date(day).getUTCMonth() !== new Date(at).getUTCMonth();
  return html`<td role="gridcell" aria-selected=${day === value}>
    <button type="button" class=${`bk-day${other ? " bk-other" : ""}`}
      tabindex=${day === at ? 0 : -1} aria-current=${day === today ? "date" : undefined}
      aria-label=${dayWords(day, locale, { dateStyle: "full" })} onClick=${() => choose(day)}>
      ${new Date(day).getUTCDate()}</button>
  </td>`;
}
