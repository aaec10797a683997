// One queue: its troubles, figures, lines of the last hours and last decisions.

import { byId, made, say } from "./made.js";
import { charts, panels } from "./lines.js";
import { clock, count, dollars, duration, moment, provider, UNKNOWN } from "./words.js";

// Pixels between charts, and the least that one is wide where there is room for several.
const GAP = 38, LEAST = 390;
let drawn = null;

export function show(row) {
  drawn = row;
  say(byId("queue-title"), row.queue);
  list(byId("troubles"), row.troubles.map((one) => ["why " + one.level, one.text]));
  figures(row);
  lines();
  decisions(row.decisions);
}

export function forget() {
  drawn = null;
}

function list(ul, items) {
  const before = [...ul.children].map((li) => `${li.className} ${li.textContent}`).join("|");
  if (before === items.map((item) => item.join(" ")).join("|")) return;
  ul.replaceChildren(...items.map(([name, text]) => made("li", { class: name }, text)));
}

function figures(row) {
  const told = [
    ["Waiting", count(row.visible), `${count(row.delayed)} delayed`],
    ["In hand", count(row.in_flight), row.sent === null ? "" : `${count(row.sent)} sent, ${count(row.deleted)} deleted in a minute`],
    ["Oldest message", row.promise_state === "idle" ? "none waits" : duration(row.oldest_age), promise(row)],
    ["Dead letters", count(row.dead_letters), row.dead_letters === null ? "or no dead-letter queue" : ""],
    ["Tasks", count(row.live), tasks(row)],
    ["Target", row.target === null ? (row.at === null ? UNKNOWN : "held") : count(row.target), row.max_tasks === null ? "" : `at most ${row.max_tasks}`],
    ["Spent today", dollars(row.spent_today?.dollars), row.spent_today ? `since ${moment(row.spent_today.since, row.now)}` : "no policy here needs prices"],
    ...row.budgets.map((one) => [`Budget a ${one.per}`, dollars(one.dollars), `${dollars(one.spent)} spent`]),
    ["Held back", row.holds.length || row.asked ? holds(row) : "nothing", "", "words"],
    ["Windows", row.windows.length ? row.windows.map((one) => window_(one, row.now)).join("; ") : "none", "", "words"],
    ["Last tick", row.at === null ? "none yet" : `${clock(row.at)} UTC`, row.end ?? "", ""],
  ];
  const dl = byId("figures");
  while (dl.children.length > told.length) dl.lastChild.remove();
  told.forEach(([name, text, beside, kind = ""], n) => {
    const there = dl.children[n] ?? dl.appendChild(made("div", {}, made("dt"), made("dd", {}, made("span"), made("span", { class: "beside" }))));
    const [dt, dd] = there.children;
    say(dt, name);
    dd.className = kind;
    say(dd.children[0], text);
    dd.children[0].className = text === UNKNOWN ? "unknown" : name === "Oldest message" ? `number ${{ broken: "bad", near: "warn" }[row.promise_state] ?? ""}` : "";
    say(dd.children[1], beside);
  });
}

function promise(row) {
  return row.promise === null ? "nothing is promised" : `promised: ${duration(row.promise)}`;
}

function tasks(row) {
  if (row.tasks === null) return "";
  const told = row.tasks.map((one) => `${one.count} ${one.state} ${provider(one.provider)}`);
  return (row.unseen ? [...told, `${row.unseen} not seen yet`] : told).join(", ") || "none";
}

function holds(row) {
  const asked = row.asked ? [row.asked.text] : [];
  return [...asked, ...row.holds.map((one) => one.text)].join(" ");
}

function window_(one, now) {
  const change = one.changes_at === null ? "for good" : `until ${moment(one.changes_at, now)}`;
  return `${one.policy} ${one.open ? "open" : "closed"} ${change}`;
}

export function lines() {
  if (!drawn) return;
  const place = byId("charts");
  const open = [...place.querySelectorAll("details[open]")].map((one) => one.closest("figure").dataset.panel);
  const focused = place.contains(document.activeElement) ? document.activeElement.closest("figure").dataset.panel : null;
  const [wanted, whole] = [panels(drawn), place.clientWidth];
  const beside = Math.max(1, Math.min(wanted === 4 ? 2 : wanted, Math.floor((whole + GAP) / (LEAST + GAP))));
  place.style.gridTemplateColumns = `repeat(${beside}, minmax(0, 1fr))`;
  const made_ = charts(drawn, (whole - (beside - 1) * GAP) / beside);
  place.replaceChildren(...made_);
  for (const name of open) place.querySelector(`[data-panel="${name}"] details`).open = true;
  if (focused) place.querySelector(`[data-panel="${focused}"] summary`).focus({ preventScroll: true });
}

function decisions(records) {
  const body = byId("decisions").tBodies[0];
  const text = JSON.stringify(records);
  if (body.dataset.of === text) return;
  body.dataset.of = text;
  body.replaceChildren(...records.map((one) => made("tr", { role: "row" },
    made("th", { role: "rowheader", scope: "row" }, clock(one.at)),
    made("td", { role: "cell", "data-name": "Target" }, one.target === null ? one.end : count(one.target)),
    made("td", { role: "cell", "data-name": "Launched" }, count(one.launched)),
    made("td", { role: "cell", class: "text" }, made("ol", {}, ...[...one.reasons, ...one.told].map((why) => made("li", {}, why)))))));
}

