// Date, time, and both at once. They look and read the same in every browser and language.
import { Calendar, dayText, dayWords, parseDay } from "./calendar.js";
import { dayOf, fromLocalInput, toLocalInput } from "./dates.js";
import { html, useRef, useState } from "./html.js";
import { Floating } from "./menu.js";
import { Select } from "./select.js";
import { plain } from "./text.js";
import { tag, word } from "./words.js";

const HALF_HOUR = 30;

// A day: a button that opens a calendar. `value` is YYYY-MM-DD or null.
export function DatePicker({ element, value, change, host, label, invalid, describedBy, clearable }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef(null);
  const { locale } = host;
  const shown = value
    ? dayWords(parseDay(value), locale)
    : plain(element.placeholder) || word(locale, "choose_date");
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  const choose = (day) => {
    close();
    change(day && dayText(day));
  };
  const key = (event) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  const today = parseDay(dayOf(Date.now() / 1000, host.tz));
  return html`<span class="bk-picker">
    <button type="button" ref=${anchor} class=${`bk-input bk-picker-open${invalid ? " bk-invalid" : ""}`}
      aria-haspopup="dialog" aria-expanded=${open} aria-label=${`${label}: ${shown}`}
      aria-describedby=${describedBy} data-invalid=${invalid || undefined}
      autofocus=${element.focus_on_load} onClick=${() => setOpen(!open)}>
      <span class="bk-sign-date" aria-hidden="true"></span>
      <span class=${value ? "bk-chosen" : "bk-placeholder"}>${shown}</span>
    </button>
    ${open && html`<${Floating} anchor=${anchor} close=${() => setOpen(false)} role="dialog"
      label=${label}>
      <div onKeyDown=${key}>
        <${Calendar} value=${value ? parseDay(value) : null} today=${today} choose=${choose}
          locale=${locale} />
        ${clearable && value && html`<button type="button" class="bk-clear-row"
          onClick=${() => choose(null)}>${word(locale, "clear")}</button>`}
      </div>
    </${Floating}>`}
  </span>`;
}

function clockWords(time, locale) {
  const style = { hour: "numeric", minute: "2-digit", timeZone: "UTC" };
  return new Intl.DateTimeFormat(tag(locale), style).format(Date.parse(`1970-01-01T${time}:00Z`));
}

function timeOption(time, locale) {
  return { value: time, text: { type: "plain_text", text: clockWords(time, locale) } };
}

function pad(number) {
  return String(number).padStart(2, "0");
}

// A typed time such as 9:47, 0947, 9.47 pm; null for anything else.
export function readTime(typed) {
  const found = /^\s*(\d{1,2})(?:[:.：]?(\d{2}))?\s*([ap])?\.?m?\.?\s*$/i.exec(typed);
  if (!found) return null;
  const half = found[3]?.toLowerCase();
  const hour = Number(found[1]) % (half ? 12 : 100) + (half === "p" ? 12 : 0);
  const minute = Number(found[2] ?? 0);
  return hour < 24 && minute < 60 ? `${pad(hour)}:${pad(minute)}` : null;
}

// A time of day: a menu of half hours that takes any typed time too. `value` is HH:MM or null.
export function TimePicker({ element, value, change, host, ...rest }) {
  const { locale } = host;
  const half = Array.from({ length: 48 }, (_, n) =>
    `${pad(Math.floor(n / 2))}:${pad((n % 2) * HALF_HOUR)}`);
  const menu = {
    type: "static_select",
    placeholder: element.placeholder ?? { text: word(locale, "choose_time") },
    focus_on_load: element.focus_on_load,
    options: half.map((time) => timeOption(time, locale)),
    typed: (query) => {
      const time = readTime(query);
      return time && timeOption(time, locale);
    },
  };
  return html`<span class="bk-picker bk-time">
    <${Select} ...${rest} element=${menu} value=${value && timeOption(value, locale)} host=${host}
      change=${(option) => change(option && option.value)} />
    ${element.timezone && html`<span class="bk-zone">${element.timezone}</span>`}
  </span>`;
}

// A moment in the reader's zone: a day and a time. Choosing one fills in the other.
export function MomentPicker({ element, value, change, host, label, ...rest }) {
  const now = Math.ceil(Date.now() / 1000 / 60 / HALF_HOUR) * 60 * HALF_HOUR;
  const [day, time] = value ? toLocalInput(value, host.tz).split("T") : [null, null];
  const put = (nextDay, nextTime) => {
    const [anyDay, anyTime] = toLocalInput(now, host.tz).split("T");
    change(fromLocalInput(`${nextDay ?? anyDay}T${nextTime ?? anyTime}`, host.tz));
  };
  const part = { type: element.type };
  return html`<span class="bk-moment">
    <${DatePicker} ...${rest} element=${{ ...part, focus_on_load: element.focus_on_load }}
      value=${day} host=${host} label=${`${label}: ${word(host.locale, "day")}`}
      change=${(next) => (next ? put(next, time) : change(null))} />
    <${TimePicker} ...${rest} element=${part} value=${time} host=${host} clearable=${false}
      label=${`${label}: ${word(host.locale, "time")}`} change=${(next) => put(day, next)} />
  </span>`;
}
