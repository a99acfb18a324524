// What a typed word may become, and how what was typed is written down: as Slack's own composer does,
// names become mentions, and every other sign stays what it is.
import { emoji, emojiNames } from "/sandbox/blockkit/index.js";

const MOST = 8;
const KINDS = { "/": "command", "@": "person", "#": "channel", ":": "emoji" };

// The word before the caret that begins with a sign: {kind, text, typed, start}; else null.
export function token(text, caret) {
  const before = text.slice(0, Math.max(caret, 0));
  const found = /(?:^|[^\w.+-])([@#:])([^\s@#:]*)$/.exec(before) ?? /^(\/)(\S*)$/.exec(before);
  if (!found || caret < 0) return null;
  const [, sign, typed] = found;
  if (sign === ":" && typed.length < 2) return null;
  return {
    kind: KINDS[sign], text: sign + typed, typed: typed.toLocaleLowerCase(),
    start: before.length - typed.length - 1,
  };
}

// What the word may become: [{key, text, shown, usage, note}].
export function offers(state, begun) {
  return OFFERS[begun.kind](state, begun.typed).slice(0, begun.kind === "command" ? 50 : MOST);
}

const OFFERS = {
  command: (state, typed) => state.apps.flatMap((app) => app.commands
    .filter((command) => command.name.slice(1).startsWith(typed))
    .map((command) => ({
      key: command.name, text: command.name, usage: command.usage_hint,
      note: [command.description, app.name].filter(Boolean).join(" · "),
    }))),
  person: (state, typed) => {
    const everybody = [...state.people.values()].filter((person) => !person.deleted);
    const fits = (...names) => names.some((name) => name?.toLocaleLowerCase().includes(typed));
    return [
      ...everybody.filter((one) => fits(one.real_name, one.name)).map((one) => ({
        key: one.id, text: `@${one.real_name}`, note: one.real_name === one.name ? null : one.name,
      })),
      ...[...state.groups.values()].filter((one) => fits(one.handle)).map((one) => ({
        key: one.id, text: `@${one.handle}`, note: one.name,
      })),
      ...["here", "channel"].filter((name) => fits(name)).map((name) => ({
        key: name, text: `@${name}`,
      })),
    ];
  },
  channel: (state, typed) => [...state.channels.values()]
    .filter((row) => !row.with.length && row.name.toLocaleLowerCase().includes(typed))
    .map((row) => ({ key: row.id, text: `#${row.name}`, note: row.topic })),
  emoji: (_state, typed) => emojiNames(typed, MOST).map((name) => ({
    key: name, text: `:${name}:`, shown: `${emoji(name) ?? ""} :${name}:`.trim(),
  })),
};

// Everything that may be named, longest first, with how it is written down.
function names(state) {
  const found = [
    ...[...state.people.values()].flatMap((one) => [
      [`@${one.real_name}`, `<@${one.id}>`], [`@${one.name}`, `<@${one.id}>`]]),
    ...[...state.groups.values()].map((one) => [`@${one.handle}`, `<!subteam^${one.id}>`]),
    ...["here", "channel", "everyone"].map((name) => [`@${name}`, `<!${name}>`]),
    ...[...state.channels.values()].filter((row) => !row.with.length)
      .map((row) => [`#${row.name}`, `<#${row.id}>`]),
  ];
  return found.filter(([name]) => name.length > 1).sort((a, b) => b[0].length - a[0].length);
}

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const ADDRESS = /https?:\/\/[^\s<>]+[^\s<>.,;:!?'")\]，。；：！？）】]/uy;

function escaped(text) {
  return text.replace(/[&<>]/g, (sign) => SIGNS[sign]);
}

// What is named at a place: its words and how they are written down; null for an ordinary sign.
// Between Latin letters a name neither begins nor ends; Chinese is written without spaces.
function namedAt(text, at, known) {
  if (/\w/.test(text[at - 1] ?? "")) return null;
  if (text[at] === "h") {
    ADDRESS.lastIndex = at;
    const address = ADDRESS.exec(text)?.[0];
    return address ? [address, `<${escaped(address)}>`] : null;
  }
  if (!"@#".includes(text[at])) return null;
  return known.find(([name]) => text.startsWith(name, at)
    && !(/\w$/.test(name) && /\w/.test(text[at + name.length] ?? "")));
}

// A typed text as Slack keeps it.
export function written(state, text) {
  const known = names(state);
  let found = "";
  let at = 0;
  while (at < text.length) {
    const named = namedAt(text, at, known);
    found += named ? named[1] : escaped(text[at]);
    at += named ? named[0].length : 1;
  }
  return found;
}
