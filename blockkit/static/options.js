// The options of a menu: listed by the app, loaded from it, or the people and channels there are.
import { useEffect, useState } from "./html.js";
import { plain } from "./text.js";
import { word } from "./words.js";

const PAUSE = 250;

// What a choice is called on the screen.
export function labelOf(choice, element, host) {
  if (typeof choice === "object") return plain(choice.text);
  if (/users_select$/.test(element.type)) return host.personName?.(choice) ?? choice;
  if (/conversations_select$/.test(element.type) && host.conversationName) {
    return host.conversationName(choice);
  }
  return `#${host.channelName?.(choice) ?? choice}`;
}

// Whether two choices are the same.
export function sameChoice(one, other) {
  return typeof one === "object" ? one.value === other?.value : one === other;
}

// The groups an element lists itself; for people and channels one group of ids.
export function groupsOf(element, host) {
  if (element.option_groups) {
    return element.option_groups.map((g) => ({ label: plain(g.label), options: g.options }));
  }
  if (element.options) return [{ label: null, options: element.options }];
  if (/users_select$/.test(element.type)) return [{ label: null, options: host.people?.() ?? [] }];
  if (/conversations_select$/.test(element.type) && host.conversations) {
    return [{ label: null, options: host.conversations(element.filter) }];
  }
  return [{ label: null, options: host.channels?.() ?? [] }];
}

function narrowed(groups, query, element, host) {
  const wanted = query.trim().toLocaleLowerCase();
  if (!wanted) return groups;
  const fits = (option) => labelOf(option, element, host).toLocaleLowerCase().includes(wanted);
  return groups
    .map((group) => ({ ...group, options: group.options.filter(fits) }))
    .filter((group) => group.options.length);
}

// The groups to show for what was typed, and a note where there is nothing (yet). External menus
// ask the app through `load(query)` once the reader pauses.
export function useOptions(element, query, host, load) {
  const external = /external_select$/.test(element.type);
  const least = element.min_query_length ?? 3;
  const [loaded, setLoaded] = useState({ query: null, groups: [] });
  useEffect(() => {
    if (!external || query.length < least) return undefined;
    let wanted = true;
    const timer = setTimeout(async () => {
      const answer = (await load?.(query)) ?? {};
      if (wanted) setLoaded({ query, groups: groupsOf({ options: [], ...answer }, host) });
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [query]);
  if (!external) {
    const groups = narrowed(groupsOf(element, host), query, element, host);
    const typed = groups.length ? null : element.typed?.(query);
    if (typed) groups.push({ label: null, options: [typed] });
    return { groups, note: groups.length ? null : word(host.locale, "nothing_found") };
  }
  if (query.length < least) {
    return { groups: [], note: word(host.locale, "type_more", { n: least }) };
  }
  if (loaded.query !== query) return { groups: [], note: word(host.locale, "loading") };
  const some = loaded.groups.some((group) => group.options.length);
  return { groups: loaded.groups, note: some ? null : word(host.locale, "nothing_found") };
}
