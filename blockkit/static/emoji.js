// Emoji by Slack's names; those that this machine cannot draw stay written as :name:.
import { NAMES } from "./vendor/emoji_names.js";

const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

let known = null;
let drawable = null;

function named(name) {
  if (!known) {
    const words = NAMES.trim().split(/\s+/);
    known = new Map(words.flatMap((word, n) => (n % 2 ? [] : [[word, words[n + 1]]])));
  }
  return known.get(name);
}

// Whether this machine has a font with coloured emoji; boxes say less than a name does.
function canDraw() {
  if (drawable !== null) return drawable;
  const pen = new OffscreenCanvas(24, 24).getContext("2d");
  pen.font = "20px sans-serif";
  pen.fillText("\u{1F600}", 0, 20);
  const { data } = pen.getImageData(0, 0, 24, 24);
  drawable = data.some((value, n) => n % 4 === 0 && value !== data[n + 1]);
  return drawable;
}

// Signs that are text by default ask for their picture; skin tones come after the first sign.
function pictured(signs, tone) {
  const [first, ...rest] = signs;
  if (rest[0] === "\u20E3") return `${first}\uFE0F\u20E3`;
  if (tone) return first + tone + rest.filter((sign) => sign !== "\uFE0F").join("");
  return rest.length || /\p{Emoji_Presentation}/u.test(first) ? signs : `${first}\uFE0F`;
}

// The character of a name such as "wave" or "wave::skin-tone-3"; null where there is none to draw.
export function emoji(name) {
  const [bare, tone] = name.split("::skin-tone-");
  const signs = named(bare);
  return signs && canDraw() ? pictured(signs, TONES[Number(tone) - 2]) : null;
}

// The names that begin with, or else contain, what was typed; the shortest first.
export function emojiNames(typed, most) {
  named("");
  const names = [...known.keys()].filter((name) => name.includes(typed));
  const rank = (name) => (name.startsWith(typed) ? 0 : 1000) + name.length;
  return names.sort((one, other) => rank(one) - rank(other)).slice(0, most);
}
