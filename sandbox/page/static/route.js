// Where the reader is, kept in the address: #C1, #C1/1700000000.000100 (a thread), #home/A1,
// #C1/json/1700000000.000100 (a message's JSON).

// The route an address names; permalinks (/archives/C1/p1700000000000100) count too.
export function readRoute({ pathname, hash, search }, state) {
  const link = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname);
  if (link && !hash) {
    const [, id, whole, part] = link;
    const thread = new URLSearchParams(search).get("thread_ts") ?? undefined;
    return { kind: "channel", id, thread, mark: `${whole}.${part}` };
  }
  const [first, second, third] = decodeURIComponent(hash.slice(1)).split("/");
  if (first === "home" && second) return { kind: "home", app: second };
  if (second === "json" && third) {
    return { kind: "channel", id: first, source: third, mark: third };
  }
  if (first) return { kind: "channel", id: first, thread: second };
  return firstRoute(state);
}

// Where to begin: on a wide screen the first channel one is in, on a phone the list.
function firstRoute(state) {
  const own = [...(state?.channels.values() ?? [])].find((row) => row.member && !row.archived);
  return own && innerWidth > 720 ? { kind: "channel", id: own.id } : { kind: "none" };
}

// The address's part after # for a route.
export function routeHash(route) {
  if (route.kind === "home") return `#home/${route.app}`;
  if (route.kind !== "channel") return "#";
  if (route.source) return `#${route.id}/json/${route.source}`;
  return route.thread ? `#${route.id}/${route.thread}` : `#${route.id}`;
}

// The same page with other query parameters; null takes one away.
export function withQuery(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return `/?${query}${location.hash}`;
}
