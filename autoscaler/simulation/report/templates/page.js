"use strict";
(() => {
  const told = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const OPTIONS = { renderer: "svg", actions: false, tooltip: { theme: "report" } };

  // Data come column by column, as that is smaller; Vega wants rows.
  const rows = (columns) => {
    const names = Object.keys(columns), values = Object.values(columns);
    return (values[0] ?? []).map((_, place) =>
      Object.fromEntries(names.map((name, number) => [name, values[number][place]])));
  };
  const eachOf = (object, change) =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
  const draw = (name, spec, data) => {
    const datasets = { ...spec.datasets, ...eachOf(data, rows) };
    return vegaEmbed(byId(name), { ...spec, datasets }, OPTIONS);
  };

  told.figures.forEach(({ name, spec, data }) => draw(name, spec, data));
  if (told.lines.length) overTime();
  openForPrint();

  function overTime() {
    const HOUR = 3_600_000;
    const WINDOWS = [["all of it", Infinity], ["30 days", 720 * HOUR], ["7 days", 168 * HOUR],
      ["1 day", 24 * HOUR], ["6 hours", 6 * HOUR], ["1 hour", HOUR]];
    const MOST_ROWS = 500;
    const PIXELS_A_BUCKET = 2.5;
    const HOW = {
      first: (part) => part[0],
      last: (part) => part.at(-1),
      least: (part) => part.reduce((one, other) => Math.min(one, other)),
      most: (part) => part.reduce((one, other) => Math.max(one, other)),
      mean: (part) => part.reduce((one, other) => one + other) / part.length,
    };
    const subject = byId("subject"), span = byId("window"), from = byId("from");
    const line = () => told.lines[subject.value];
    const whole = ({ buckets }) => [buckets.at[0], buckets.to.at(-1)];
    const moment = (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
    const stretch = (seconds) => seconds < 3600 ? `${seconds / 60} min` : `${+(seconds / 3600).toFixed(2)} h`;

    function shownTime() {
      const [first, last] = whole(line());
      const length = Math.min(last - first, WINDOWS[span.value][1]);
      const start = first + ((last - first - length) * from.value) / from.max;
      return [start, start + length];
    }
    function within(columns, [start, end]) {
      const ends = columns.to ?? columns.at;
      const kept = columns.at.flatMap((at, place) => at < end && ends[place] > start ? [place] : []);
      return eachOf(columns, (values) => kept.map((place) => values[place]));
    }
    function merged(columns, many) {
      const starts = columns.at.flatMap((_, place) => place % many ? [] : [place]);
      return eachOf(columns, (values, name) =>
        starts.map((start) => HOW[told.merging[name]](values.slice(start, start + many))));
    }
    function dataShown() {
      const time = shownTime(), buckets = within(line().buckets, time);
      const room = Math.max(60, byId(told.panels[0].name).clientWidth / PIXELS_A_BUCKET);
      const many = Math.max(1, Math.ceil(buckets.at.length / room));
      const data = { buckets: merged(buckets, many), decisions: within(line().decisions, time) };
      return { time, data, step: line().step * many };
    }

    function fillTable(details) {
      const { source, columns } = told.panels.find(({ name }) => name === details.dataset.panel);
      const shown = rows(dataShown().data[source]), table = document.createElement("table");
      const cell = (tag, text, css, scope) => {
        const made = Object.assign(document.createElement(tag), { textContent: text, className: css });
        if (scope) made.scope = scope;
        return made;
      };
      const value = (row, name) => name === "at" ? moment(row.at)
        : typeof row[name] === "string" ? row[name] : row[name].toLocaleString("en");
      table.createTHead().insertRow().append(...columns.map(([, label, css]) => cell("th", label, css, "col")));
      const body = table.createTBody();
      shown.slice(0, MOST_ROWS).forEach((row) => body.insertRow().append(
        ...columns.map(([name, , css]) => name === "at"
          ? cell("th", value(row, name), css, "row") : cell("td", value(row, name), css))));
      if (shown.length > MOST_ROWS) {
        table.createCaption().textContent =
          `The first ${MOST_ROWS} of ${shown.length} rows; choose a shorter time to see the others.`;
      }
      details.querySelector(".wide").replaceChildren(table);
    }

    let views;
    async function show() {
      const { time, data, step } = dataShown();
      byId("shown").textContent = `${moment(time[0])} to ${moment(time[1])} UTC`;
      byId("thinned").textContent = `Each value stands for ${stretch(step)}. ${line().thinned}`;
      from.disabled = !(WINDOWS[span.value][1] < whole(line())[1] - whole(line())[0]);
      document.querySelectorAll("details[data-panel][open]").forEach(fillTable);
      const given = (panel) => Object.fromEntries(panel.data.map((name) => [name, data[name]]));
      views ??= Promise.all(told.panels.map((panel) => draw(panel.name, panel.spec, given(panel))));
      (await views).forEach(({ view }, number) => {
        Object.entries(given(told.panels[number])).forEach(([name, columns]) => view.data(name, rows(columns)));
        view.runAsync();
      });
    }
    function offerWindows() {
      const [first, last] = whole(line());
      span.replaceChildren(...WINDOWS.flatMap(([label, length], place) =>
        place === 0 || length < last - first ? [new Option(label, place)] : []));
      show();
    }

    subject.addEventListener("change", offerWindows);
    span.addEventListener("change", show);
    from.addEventListener("input", show);
    document.querySelectorAll("details[data-panel]").forEach((details) =>
      details.addEventListener("toggle", () => details.open && fillTable(details)));
    offerWindows();
  }

  function openForPrint() {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = [...document.querySelectorAll("details[data-print]:not([open])")];
      opened.forEach((details) => { details.open = true; });
    });
    addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));
  }
})();
