// The page: what comes by the stream goes to the list, and to the queue that is looked at.

import { acting, actions } from "./actions.js";
import * as list from "./list.js";
import { byId, mark, say } from "./made.js";
import * as queue from "./queue.js";
import { ask, listen, Refused } from "./stream.js";
import { clock, count, dollars, duration, several } from "./words.js";

const SILENT_PERIODS = 5;
const KEPT = "autoscaler-token";
let told = null, ahead = 0, lostAt = null;
let asking = false, again = false;

const token = () => sessionStorage.getItem(KEPT);
const now = () => Date.now() / 1000 + ahead;

function chosen() {
  const found = location.hash.match(/^#\/queues\/(.+)$/);
  return found ? decodeURIComponent(found[1]) : null;
}

function take(rows) {
  told = { installation: rows.installation, period: rows.period, acts: rows.acts };
  ahead = rows.now - Date.now() / 1000;
  lostAt = null;
  list.update(rows.queues, rows.names);
  pulse();
  if (byId("list").hidden && byId("queue").hidden) route(false);
  if (chosen() !== null && rows.queues.some((row) => row.queue === chosen())) look();
}

async function look() {
  if (asking) { again = true; return; }
  asking = true;
  const name = chosen();
  try {
    const row = await ask(`/api/queues/${encodeURIComponent(name)}`, token());
    if (chosen() === name) queue.show(row);
  } catch (error) {
    if (error instanceof Refused) refused(error);
    else if (chosen() === name) say(byId("queue-title"), `${name} is not told of (${error.message})`);
  } finally {
    asking = false;
    if (again) { again = false; if (chosen() !== null) look(); }
  }
}

function route(moved = true) {
  const name = chosen();
  byId("sign-in").hidden = true;
  byId("list").hidden = name !== null;
  byId("queue").hidden = name === null;
  document.title = `${name === null ? "Status" : name} · ${told?.installation ?? "autoscaler"}`;
  if (name === null) queue.forget();
  else { say(byId("queue-title"), name); look(); acting(name, token()); }
  if (moved) { byId(name === null ? "list-title" : "queue-title").focus(); scrollTo(0, 0); }
}

function answer(rows) {
  const of = (kind) => rows.filter((row) => list.level(row) === kind);
  const [bad, warned] = [of("bad"), of("warn")];
  const unseen = rows.filter((row) => row.at === null).length;
  if (rows.length && unseen === rows.length) return "No tick has been seen yet.";
  if (bad.length) return `${names(bad)} ${bad.length === 1 ? "needs" : "need"} you.`;
  if (warned.length) return `Nothing is late. ${names(warned)} ${warned.length === 1 ? "wants" : "want"} a look.`;
  return rows.length === 1 ? "All is well with the queue." : `All is well with ${count(rows.length)} queues.`;
}

function names(rows) {
  const told = rows.map((row) => row.queue);
  if (rows.length > 3) return `${count(rows.length)} queues`;
  return [told.slice(0, -1).join(", "), told.at(-1)].filter(Boolean).join(" and ");
}

function sum(rows, of) {
  const known = rows.map(of).filter((one) => one !== null && one !== undefined);
  return { total: known.reduce((one, other) => one + other, 0), missing: rows.length - known.length };
}

function partly({ total, missing }, text) {
  return missing ? `${text(total)} (unknown of ${missing})` : text(total);
}

function summary() {
  const rows = list.rows();
  const fleets = [...new Map(rows.map((row) => [row.fleet, row])).values()];
  const waiting = partly(sum(rows, (row) => row.visible), (n) => several(n, "message"));
  const live = partly(sum(fleets, (row) => row.live), (n) => several(n, "task"));
  const spent = sum(fleets, (row) => row.spent_today?.dollars);
  const money = spent.missing === fleets.length ? "spending unknown" : `${partly(spent, dollars)} spent today`;
  say(byId("home"), `Status of ${told.installation}${told.acts ? "" : ", in the shadow: it launches nothing"}`);
  say(byId("answer"), silence(rows) ?? answer(rows));
  say(byId("facts"), `${waiting} waiting, ${live}, ${money}; a tick every ${duration(told.period)}.`);
}

function silence(rows) {
  const newest = Math.max(0, ...rows.map((row) => row.at ?? 0));
  const silent = now() - newest;
  if (!newest || silent <= SILENT_PERIODS * told.period) return null;
  return `No tick since ${clock(newest)} UTC: the figures are of then.`;
}

function pulse() {
  const live = byId("live");
  mark(live, "data-state", told === null ? "off" : lostAt === null ? "on" : "lost");
  if (told === null) return;
  const newest = Math.max(0, ...list.rows().map((row) => row.at ?? 0));
  const age = newest ? `last tick ${duration(Math.max(0, now() - newest))} ago` : "waiting for a tick";
  say(live, lostAt === null ? `Live, ${age}` : `Connection lost at ${clock(lostAt)} UTC; the figures are of then`);
  if (lostAt === null) summary();
}

function refused(error) {
  byId("sign-in").hidden = false;
  byId("list").hidden = byId("queue").hidden = true;
  say(byId("answer"), "This needs the service's token.");
  if (token()) say(byId("sign-in-told"), `The token is not the service's. ${error.message}`);
  sessionStorage.removeItem(KEPT);
}

async function start() {
  try {
    await listen(token(), { told: take, lost: () => { lostAt ??= now(); pulse(); } });
  } catch (error) {
    refused(error);
    byId("token").focus();
  }
}

byId("sign-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEPT, byId("token").value.trim());
  byId("token").value = "";
  say(byId("sign-in-told"), "");
  start();
});
byId("filter").addEventListener("input", (event) => list.choose(event.target.value));
addEventListener("hashchange", () => route());
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; queue.lines(); } });
actions(chosen, token);
setInterval(pulse, 1000);
start();
