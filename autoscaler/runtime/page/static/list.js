// The table of all queues, the most troubled first. Only what has changed is touched.

import { byId, made, mark, say } from "./made.js";
import { retrend, trend } from "./lines.js";
import { count, dollars, duration, tasks, UNKNOWN } from "./words.js";

const NAMES = ["Waiting", "Oldest", "Tasks", "Dead letters", "Spent today", "Waiting lately"];
const shownRows = new Map();
let filter = "";

export function address(name) {
  return `#/queues/${encodeURIComponent(name)}`;
}

export function level(row) {
  return row.troubles[0]?.level ?? "well";
}

function number(text, beside, kind = "") {
  const unknown = text === UNKNOWN ? " unknown" : "";
  return { text, beside, kind: `number ${kind}${unknown}` };
}

function cells(row) {
  const late = { broken: "bad", near: "warn" }[row.promise_state] ?? "";
  const budget = row.budgets[0];
  return [
    number(count(row.visible), `${count(row.in_flight)} in hand`),
    number(row.promise_state === "idle" ? "none" : duration(row.oldest_age), row.promise === null ? "no promise" : `promised ${duration(row.promise)}`, late),
    number(count(row.live), row.tasks === null ? "" : row.target === null ? "held" : `target ${count(row.target)}`),
    number(count(row.dead_letters), "", row.dead_letters ? "warn" : ""),
    number(dollars(row.spent_today?.dollars), budget ? `of ${dollars(budget.dollars)} a ${budget.per}` : ""),
  ];
}

function made_row(row) {
  const link = made("a", { href: address(row.queue) }, row.queue);
  const head = made("th", { role: "rowheader", scope: "row" }, link, made("span", { class: "beside" }));
  const tds = NAMES.map((name) => made("td", { role: "cell", "data-name": name }, made("span"), made("span", { class: "beside" })));
  const last = tds.at(-1);
  last.className = "trend";
  const svg = trend();
  last.replaceChildren(svg);
  const tr = made("tr", { role: "row" }, head, ...tds);
  return { tr, head, tds, svg, row: null, text: "", told: "", drawn: "" };
}

function fill(kept, row) {
  const told = JSON.stringify(row);
  if (kept.told === told) return;
  kept.told = told;
  kept.row = row;
  mark(kept.tr, "data-level", level(row));
  mark(kept.tr, "data-queue", row.queue);
  say(kept.head.children[1], `fleet ${row.fleet}`);
  whys(kept.head, row.troubles);
  cells(row).forEach((cell, n) => {
    const [main, beside] = kept.tds[n].children;
    say(main, cell.text);
    mark(main, "class", cell.kind);
    say(beside, cell.beside);
  });
  mark(kept.tds[2], "title", tasks(row).join("; ") || null);
  const drawn = JSON.stringify(row.trend);
  if (kept.drawn !== drawn) { kept.drawn = drawn; retrend(kept.svg, row.trend); }
  kept.text = `${row.queue} ${row.fleet} ${row.troubles.map((one) => `${one.kind} ${one.text}`).join(" ")}`.toLowerCase();
}

function whys(head, troubles) {
  while (head.children.length > 2 + troubles.length) head.lastChild.remove();
  troubles.forEach((one, n) => {
    const there = head.children[2 + n] ?? head.appendChild(made("span"));
    mark(there, "class", `why ${one.level}`);
    say(there, one.text);
  });
}

export function update(rows, names) {
  for (const row of rows) {
    const before = shownRows.get(row.queue);
    const kept = before ?? made_row(row);
    fill(kept, row);
    if (!before) shownRows.set(row.queue, kept);
  }
  const there = new Set(names);
  for (const [name, kept] of shownRows) {
    if (!there.has(name)) { kept.tr.remove(); shownRows.delete(name); }
  }
  arrange();
}

export function choose(text) {
  filter = text.trim().toLowerCase();
  arrange();
}

const byTrouble = (one, other) =>
  other.row.score - one.row.score || (one.row.queue < other.row.queue ? -1 : 1);

// Rows that are where they belong stay there, and focus stays on the link it was on.
function arrange() {
  const body = byId("queues").tBodies[0];
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  const wanted = [...shownRows.values()].filter((kept) => kept.text.includes(filter)).sort(byTrouble).map((kept) => kept.tr);
  const chosen = new Set(wanted);
  for (const tr of [...body.children]) if (!chosen.has(tr)) tr.remove();
  wanted.forEach((tr, n) => { if (body.children[n] !== tr) body.insertBefore(tr, body.children[n] ?? null); });
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  byId("nothing").hidden = wanted.length > 0;
  byId("queues").hidden = wanted.length === 0;
  say(byId("shown"), filter ? `${wanted.length} of ${shownRows.size} shown` : "");
}

export function rows() {
  return [...shownRows.values()].map((kept) => kept.row);
}
