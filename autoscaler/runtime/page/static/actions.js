// Pause, hold, resume and drain: by a token of one's own, which is kept for this page alone.

import { byId, made, mark, say } from "./made.js";
import { ask, header } from "./stream.js";
import { clock } from "./words.js";

// Opens the form for this queue, where anybody may act at all.
export async function acting(queue, token) {
  told("");
  await taken(queue, token);
}

async function taken(queue, token) {
  try {
    const answer = await ask("/api/actions", token);
    byId("acting").hidden = !answer.on;
    byId("taken").replaceChildren(...answer.taken.filter((one) => one.queues.includes(queue))
      .map((one) => made("li", {}, `${clock(one.at)} UTC: ${one.text}`)));
  } catch {
    byId("acting").hidden = true;
  }
}

function told(text, state = null) {
  mark(byId("acting-told"), "data-state", state);
  say(byId("acting-told"), text);
}

async function act(action, queue) {
  const body = { action, queue };
  if (action === "hold") body.for = byId("hold-for").value;
  const answer = await fetch("/api/actions", {
    method: "POST",
    headers: { ...header(byId("acting-token").value.trim()), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const { text, error } = await answer.json();
  mark(byId("acting-token"), "aria-invalid", answer.status === 401 ? "true" : null);
  if (answer.status === 401) byId("acting-token").focus();
  if (answer.ok) told(text, "done");
  else told(`Not done. ${error}`, "refused");
}

// Only a button acts: Enter in the field of the token would take the first one's meaning.
export function actions(chosen, token) {
  byId("acting-form").addEventListener("submit", (event) => event.preventDefault());
  for (const button of byId("acting-form").querySelectorAll("button")) {
    button.addEventListener("click", async () => {
      const queue = chosen();
      try {
        await act(button.value, queue);
      } catch (error) {
        told(`It is not known whether it was done: ${error.message}`, "refused");
      }
      if (chosen() === queue) await taken(queue, token());
    });
  }
}
