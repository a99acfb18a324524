// Moments in the reader's zone: <!date^…>, time stamps, and the date and time pickers.
import { tag, word } from "./words.js";

const DAY = 86_400_000;

const STYLES = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

const formatters = new Map();

function formatter(locale, tz, style) {
  const key = `${locale}|${tz}|${style}`;
  if (!formatters.has(key)) {
    const own = style === "date_num" ? "sv-SE" : tag(locale);
    formatters.set(key, new Intl.DateTimeFormat(own, { ...STYLES[style], timeZone: tz }));
  }
  return formatters.get(key);
}

// One moment (seconds since the epoch) in one of the styles above.
export function formatMoment(seconds, style, locale, tz) {
  return formatter(locale, tz, style).format(new Date(seconds * 1000));
}

// The calendar day of a moment in a zone, as YYYY-MM-DD.
export function dayOf(seconds, tz) {
  return formatMoment(seconds, "date_num", "en", tz);
}

// "Today", "Yesterday" or "Tomorrow", or null for any other day.
export function nearDay(seconds, locale, tz, now = Date.now()) {
  const day = dayOf(seconds, tz);
  for (const [offset, key] of [[0, "today"], [-1, "yesterday"], [1, "tomorrow"]]) {
    if (day === dayOf((now + offset * DAY) / 1000, tz)) return word(locale, key);
  }
  return null;
}

// How long ago, or until, a moment is, in words.
export function ago(seconds, locale, now = Date.now()) {
  const away = seconds - now / 1000;
  const relative = new Intl.RelativeTimeFormat(tag(locale), { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(away) >= size) return relative.format(Math.round(away / size), unit);
  }
  return relative.format(Math.round(away), "second");
}

// A Slack date format such as "{date_short_pretty} at {time}"; unknown tokens stay as they are.
export function formatDate(seconds, format, locale, tz, now = Date.now()) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return ago(seconds, locale, now);
    const style = token.replace(/_pretty$/, "");
    if (!(style in STYLES)) return whole;
    const near = token.endsWith("_pretty") ? nearDay(seconds, locale, tz, now) : null;
    return near ?? formatMoment(seconds, style, locale, tz);
  });
}

// A moment as the value of <input type="datetime-local"> in a zone.
export function toLocalInput(seconds, tz) {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    timeZone: tz,
  }).format(new Date(seconds * 1000));
  return parts.replace(" ", "T");
}

// The moment that such a value means in a zone: the offset is looked up, twice for clock changes.
export function fromLocalInput(value, tz) {
  const wanted = Date.parse(`${value}:00Z`) / 1000;
  let seconds = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    const shown = Date.parse(`${toLocalInput(seconds, tz)}:00Z`) / 1000;
    seconds += wanted - shown;
  }
  return seconds;
}
