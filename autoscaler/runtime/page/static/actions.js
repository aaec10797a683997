// Pause, hold, resume and drain: by a token of one's own, which is kept for this page alone.

import { byId, made, say } from "./made.js";
import { ask, header } from "./stream.js";
import { clock } from "./words.js";

export async function acting(queue, token) {
  try {
    const told = await ask("/api/actions", token);
    byId("acting").hidden = !told.on;
    byId("taken").replaceChildren(...told.taken.filter((one) => one.queues.includes(queue))
      .map((one) => made("li", {}, `${clock(one.at)} UTC: ${one.text}`)));
  } catch {
    byId("acting").hidden = true;
  }
}

async function act(action, queue) {
  const body = { action, queue };
  if (action === "hold") body.for = byId("hold-for").value;
  const answer = await fetch("/api/actions", {
    method: "POST",
    headers: { ...header(byId("acting-token").value.trim()), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  return told.text ?? told.error;
}

export function actions(chosen) {
  byId("acting-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const action = event.submitter?.value ?? "hold";
    try {
      say(byId("acting-told"), await act(action, chosen()));
    } catch (error) {
      say(byId("acting-told"), `It is not known whether it was done: ${error.message}`);
    }
  });
}
