// Addresses that apps and people wrote: only those that cannot run anything become links.

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

// The address when it may be a link, else null.
export function safeLink(address) {
  try {
    const url = new URL(String(address));
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

// The address of a picture that may be loaded: from here or from this machine, nowhere else.
export function safePicture(address) {
  try {
    const url = new URL(String(address), location.origin);
    const near = ["127.0.0.1", "localhost"].includes(url.hostname);
    const web = url.protocol === "http:" || url.protocol === "https:";
    return web && (near || url.origin === location.origin) ? url.href : null;
  } catch {
    return null;
  }
}
