// The service's events, read by fetch: an EventSource cannot send the token.

const AGAIN = [1000, 2000, 5000, 10000];

export class Refused extends Error {}

export function header(token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

export async function ask(path, token) {
  const answer = await fetch(path, { headers: header(token), cache: "no-store" });
  if (answer.status === 401) throw new Refused(await answer.text());
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

async function* events(token, signal) {
  const answer = await fetch("/api/events", { headers: header(token), cache: "no-store", signal });
  if (answer.status === 401) throw new Refused(await answer.text());
  if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
      if (data) yield JSON.parse(data);
    }
  }
}

// Listens for ever: what was lost is asked for again, and all rows come anew with it.
export async function listen(token, { told, lost }) {
  for (let tries = 0; ; tries += 1) {
    try {
      for await (const rows of events(token)) { tries = 0; told(rows); }
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    lost();
    await new Promise((go) => setTimeout(go, AGAIN[Math.min(tries, AGAIN.length - 1)]));
  }
}
