// Lines over time, as SVG: the small one of a row, and the charts of a queue.

import { drawn, made } from "./made.js";
import { clock, count, dollars, duration } from "./words.js";

const WIDTH = 140, HEIGHT = 34;

function path(points) {
  let text = "", pen = "M";
  for (const [x, y] of points) {
    if (y === null) { pen = "M"; continue; }
    text += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = "L";
  }
  return text;
}

export function trend() {
  const svg = drawn("svg", { width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
  svg.append(drawn("path", { class: "area waiting" }), drawn("path", { class: "line waiting" }), drawn("circle", { class: "dot waiting", r: 2.5 }));
  return svg;
}

export function retrend(svg, points) {
  const [area, line, dot] = svg.children;
  const known = points.filter(([, value]) => value !== null);
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  const most = Math.max(1, ...known.map(([, value]) => value));
  const x = (at) => 2 + ((at - first) / Math.max(1, last - first)) * (WIDTH - 6);
  const y = (value) => HEIGHT - 3 - (value / most) * (HEIGHT - 8);
  const text = path(points.map(([at, value]) => [x(at), value === null ? null : y(value)]));
  line.setAttribute("d", text);
  const whole = known.length > 1 && known.length === points.length;
  area.setAttribute("d", whole ? `${text}L${x(last).toFixed(1)} ${HEIGHT - 3}L${x(first).toFixed(1)} ${HEIGHT - 3}Z` : "");
  const end = known.at(-1);
  dot.setAttribute("visibility", end ? "visible" : "hidden");
  if (end) { dot.setAttribute("cx", x(end[0]).toFixed(1)); dot.setAttribute("cy", y(end[1]).toFixed(1)); }
}

const PANELS = [
  { name: "messages", title: "Messages", told: count, of: ["visible", "in_flight"],
    keys: { waiting: "waiting", "in-hand": "in hand" } },
  { name: "age", title: "Age of the oldest message", told: duration, of: ["oldest_age"],
    keys: { age: "age", promise: "promised" } },
  { name: "tasks", title: "Tasks of the fleet", told: count, of: ["running", "starting", "target"], stacked: true,
    keys: { running: "running", starting: "starting", target: "target" } },
  { name: "spent", title: "Spent by the fleet", told: dollars, of: ["spent"], keys: { spent: "dollars" } },
];
const CLASSES = { visible: "waiting", in_flight: "in-hand", oldest_age: "age", running: "running", starting: "starting", target: "target", spent: "spent" };
const LEFT = 62, RIGHT = 10, TOP = 8, BOTTOM = 22, TALL = 170;

function nice(most) {
  const ten = 10 ** Math.floor(Math.log10(Math.max(most, 1e-6)));
  return [1, 2, 4, 5, 10].map((one) => one * ten).find((one) => one >= most * 0.999);
}

function niceSeconds(most) {
  return [4, 10, 20, 60, 120, 240, 600, 1200, 3600, 7200, 14400, 43200, 86400, 345600].find((one) => one >= most) ?? nice(most);
}

function columns(panel, history, since) {
  const from = (name) => (name === "spent" ? since : 0);
  return Object.fromEntries(panel.of.map((name) => [
    name, history[name].map((value) => (value === null ? null : value - from(name))),
  ]));
}

function ticks(from, to) {
  const step = [10, 30, 60, 300, 900, 1800, 3600, 7200].find((one) => (to - from) / one <= 5) ?? 14400;
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push([at, clock(at, step < 60)]);
  return found;
}

function chosen(row) {
  return PANELS.filter((panel) => panel.name !== "spent" || row.history.spent.some((one) => one !== null));
}

export function panels(row) {
  return chosen(row).length;
}

export function charts(row, width) {
  return chosen(row).map((panel) => figure(panel, row, width));
}

function figure(panel, row, width) {
  const history = row.history;
  const first = history.spent.find((one) => one !== null) ?? 0;
  const values = columns(panel, history, first);
  const promise = panel.name === "age" ? row.promise : null;
  const keys = Object.entries(panel.keys).filter(([name]) => name !== "promise" || promise !== null);
  return made("figure", { "data-panel": panel.name },
    made("h4", {}, panel.title),
    made("ul", { class: "key", "aria-hidden": "true" }, ...keys.map(([name, text]) => made("li", { class: name }, text))),
    chart(panel, history.at, values, promise, width),
    numbers(panel, history.at, values));
}

function chart(panel, at, values, promise, width) {
  const svg = drawn("svg", { width, height: TALL, viewBox: `0 0 ${width} ${TALL}`, role: "img", "aria-label": spoken(panel, values, promise) });
  const known = Object.values(values).flat().filter((one) => one !== null);
  const tops = panel.stacked ? at.map((_, n) => (values.running[n] ?? 0) + (values.starting[n] ?? 0)) : [];
  const highest = Math.max(panel.name === "spent" ? 1e-4 : 1, promise ?? 0, ...known, ...tops);
  const most = panel.name === "age" ? niceSeconds(highest) : nice(highest);
  const from = at[0] ?? 0, to = Math.max(at.at(-1) ?? 1, from + 1);
  const x = (one) => LEFT + ((one - from) / (to - from)) * (width - LEFT - RIGHT);
  const y = (one) => TALL - BOTTOM - (one / most) * (TALL - TOP - BOTTOM);
  const whole = panel.told === count && most < 4 ? most : 4;
  for (let n = 0; n <= whole; n += most % 4 && whole === 4 && panel.told === count ? 2 : 1) {
    const level = (most * n) / whole;
    svg.append(drawn("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(level), y2: y(level) }),
      drawn("text", { x: LEFT - 8, y: y(level) + 4, "text-anchor": "end" }, level ? panel.told(level) : "0"));
  }
  for (const [one, text] of ticks(from, to)) svg.append(drawn("text", { x: x(one), y: TALL - 4, "text-anchor": "middle" }, text));
  if (panel.stacked) bars(svg, at, values, x, y);
  const drawnOnes = panel.of.filter((name) => !panel.stacked || name === "target");
  for (const name of drawnOnes) line(svg, at, values[name], CLASSES[name], x, y, panel.stacked);
  if (promise !== null) limit(svg, at, values.oldest_age, promise, x, y, width);
  return svg;
}

function line(svg, at, values, name, x, y, steps) {
  const points = at.map((one, n) => [x(one), values[n] === null ? null : y(values[n])]);
  svg.append(drawn("path", { class: `line ${name}`, d: steps ? stepped(points) : path(points) }));
  const end = points.findLast(([, value]) => value !== null);
  if (points.length === 1 && end) svg.append(drawn("circle", { class: `line ${name}`, cx: end[0], cy: end[1], r: 2 }));
}

function stepped(points) {
  const more = [];
  points.forEach(([x, y], n) => {
    if (n && points[n - 1][1] !== null && y !== null) more.push([x, points[n - 1][1]]);
    more.push([x, y]);
  });
  return path(more);
}

function bars(svg, at, values, x, y) {
  for (const [name, below] of [["running", null], ["starting", "running"]]) {
    let text = "";
    at.forEach((one, n) => {
      const value = values[name][n], base = below ? values[below][n] ?? 0 : 0;
      if (!value) return;
      const [left, right] = [x(one), x(at[n + 1] ?? one) + 0.4];
      text += `M${left.toFixed(1)} ${y(base).toFixed(1)}V${y(base + value).toFixed(1)}H${Math.max(right, left + 2).toFixed(1)}V${y(base).toFixed(1)}Z`;
    });
    svg.append(drawn("path", { class: `bar ${name}`, d: text }));
  }
}

function limit(svg, at, ages, promise, x, y, width) {
  let text = "";
  at.forEach((one, n) => {
    if (ages[n] === null || ages[n] <= promise) return;
    const right = Math.max(x(at[n + 1] ?? one), x(one) + 2);
    text += `M${x(one).toFixed(1)} ${y(promise).toFixed(1)}V${y(ages[n]).toFixed(1)}H${right.toFixed(1)}V${y(promise).toFixed(1)}Z`;
  });
  svg.append(drawn("path", { class: "area late", d: text }),
    drawn("line", { class: "rule", x1: LEFT, x2: width - RIGHT, y1: y(promise), y2: y(promise) }));
}

function spoken(panel, values, promise) {
  const told = panel.of.map((name) => {
    const known = values[name].filter((one) => one !== null);
    const text = name.replace("_", " ");
    return known.length ? `${text} now ${panel.told(values[name].at(-1))}, at most ${panel.told(Math.max(...known))}` : `${text} unknown`;
  });
  return `${panel.title}: ${told.join("; ")}` + (promise === null ? "" : `; promised ${duration(promise)}`);
}

function numbers(panel, at, values) {
  const title = `${panel.title}: the numbers`;
  const details = made("details", {}, made("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    const cell = (role, name, text) => made(name, { role, scope: name === "th" ? "col" : null }, text);
    const head = made("tr", { role: "row" }, cell("columnheader", "th", "UTC"), ...panel.of.map((name) => cell("columnheader", "th", name.replace("_", " "))));
    const rows = at.map((one, n) => made("tr", { role: "row" }, cell("cell", "td", clock(one)), ...panel.of.map((name) => cell("cell", "td", panel.told(values[name][n])))));
    details.append(made("div", { class: "wide", tabindex: 0, role: "region", "aria-label": title },
      made("table", { role: "table" }, made("thead", { role: "rowgroup" }, head), made("tbody", { role: "rowgroup" }, ...rows.reverse()))));
  });
  return details;
}
