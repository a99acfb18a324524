// Talking to the sandbox: acts and reads over HTTP, live changes over a WebSocket.

const RETRY_MS = [300, 1000, 3000];

async function answered(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? body.error);
  return body;
}

// Everything one person can do and see.
export function apiFor(personId) {
  const base = `/sandbox/as/${encodeURIComponent(personId)}`;
  return {
    read: async (path = "", query = {}) => {
      const given = Object.entries(query).filter(([, value]) => value !== undefined);
      const search = new URLSearchParams(given);
      return answered(await fetch(`${base}${path}?${search}`));
    },
    act: async (name, body) => {
      const headers = { "content-type": "application/json" };
      return answered(
        await fetch(`${base}/${name}`, { method: "POST", headers, body: JSON.stringify(body) }),
      );
    },
    upload: async (file) => {
      const headers = { "content-type": "application/octet-stream" };
      const search = new URLSearchParams({ name: file.name });
      return answered(
        await fetch(`${base}/files?${search}`, { method: "POST", headers, body: file }),
      );
    },
    live: (since, hear, online) => follow(base, since, hear, online),
  };
}

// Follow the changes after number `since`, over reconnections; returns how to stop.
function follow(base, since, hear, online) {
  let seen = since;
  let tries = 0;
  let socket = null;
  let stopped = false;
  const open = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${base}/live?since=${seen}`);
    socket.onopen = () => {
      tries = 0;
      online(true);
    };
    socket.onmessage = (event) => {
      const change = JSON.parse(event.data);
      if (change.n) seen = change.n;
      hear(change);
    };
    socket.onclose = () => {
      if (stopped) return;
      online(false);
      setTimeout(open, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    };
  };
  open();
  return () => {
    stopped = true;
    socket.close();
  };
}
