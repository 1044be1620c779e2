"use strict";
// Layers: one panel of a group is shown at a time.
for (const select of document.querySelectorAll("select[data-panels]")) {
  const show = () => {
    for (const panel of document.querySelectorAll(`.panel[data-group="${select.dataset.panels}"]`))
      panel.hidden = panel.dataset.panel !== select.value;
  };
  select.addEventListener("change", show);
  // A browser may remember what was chosen.
  show();
}

// Charts: colours are names that the styles give a value, so that they follow light and dark.
const charts = [...document.querySelectorAll(".chart")].map(figure => ({
  place: figure.querySelector(".drawing"),
  ...JSON.parse(figure.querySelector("script").textContent),
}));
const dark = matchMedia("(prefers-color-scheme: dark)");
const axis = document.querySelector("select[data-axis]");

function draw(chart) {
  const width = chart.place.clientWidth;
  if (width === 0) return;
  const powers = at => [...Array(25).keys()].map(power => 10 ** (power - 12)).filter(power => {
    const values = points.map(point => point[at]);
    return power >= Math.min(...values) && power <= Math.max(...values);
  });
  const several = chart.x.length > 1, at = several ? Number(axis.value) : 0, height = chart.x.length;
  const points = chart.series.flatMap((series, i) => series.points.map((point, j) => ({
    x: point[at], y: point[height], series: series.name, order: i, text: series.labels?.[j] ?? series.name,
  }))).filter(point => (point.x > 0 || !chart.logarithmicX) && (point.y > 0 || !chart.logarithmic));
  const named = { domain: chart.series.map(series => series.name), range: chart.series.map((_, i) => `var(--s${i % 5})`) };
  const common = {
    width, height: Math.min(340, Math.max(240, width * .45)), marginLeft: 52, marginTop: 24, marginRight: 16, marginBottom: 38,
    style: { background: "none", overflow: "visible" },
    x: {
      label: `${chart.x[at]} →`, type: chart.logarithmicX ? "log" : "linear", grid: chart.kind === "dots",
      ticks: chart.logarithmicX ? powers("x") : width < 500 ? 5 : 9, tickFormat: chart.logarithmicX ? "~g" : undefined,
    },
    y: {
      label: `↑ ${chart.y}`, grid: true, type: chart.logarithmic ? "log" : "linear", nice: !chart.logarithmic,
      ticks: chart.logarithmic ? powers("y") : 5, tickFormat: chart.logarithmic ? "~g" : undefined,
    },
  };
  const label = { x: "x", y: "y", title: p => `${p.text}\n${chart.x[at]} ${p.x}\n${chart.y} ${p.y}`, fill: "var(--ground)", stroke: "var(--line)" };
  const plot = chart.kind === "dots"
    ? Plot.plot({
      ...common, color: { type: "sequential", scheme: "viridis", range: dark.matches ? [.25, 1] : [0, .9], domain: [0, Math.max(1, chart.series.length - 1)] },
      marks: [Plot.dot(points, { x: "x", y: "y", fill: "order", r: 2.2, fillOpacity: .8 }), Plot.tip(points, Plot.pointer(label))],
    })
    : Plot.plot({
      ...common, color: named,
      marks: [
        Plot.ruleX(chart.marks, { x: mark => mark.at[at], stroke: "currentColor", strokeOpacity: .45, strokeDasharray: "3 3" }),
        Plot.text(chart.marks, { x: mark => mark.at[at], text: "name", frameAnchor: "top", textAnchor: "start", lineAnchor: "top", dx: 4, dy: 3, fill: "var(--soft)", stroke: "var(--ground)", strokeWidth: 5 }),
        chart.level ? Plot.ruleY([chart.level.at[0]], { stroke: "currentColor", strokeDasharray: "6 3" }) : null,
        Plot.line(points, { x: "x", y: "y", z: "series", stroke: "series", strokeWidth: 1.6 }),
        points.length < 150 ? Plot.dot(points, { x: "x", y: "y", fill: "series", r: 1.8 }) : null,
        Plot.tip(points, Plot.pointer(label)),
      ],
    });
  chart.place.replaceChildren(...(chart.kind === "dots" ? [] : [legend(chart, named)]), plot);
}

function legend(chart, named) {
  const list = document.createElement("ul");
  list.className = "legend";
  const add = (name, colour) => {
    const item = document.createElement("li");
    item.textContent = name;
    item.style.setProperty("--colour", colour);
    list.append(item);
  };
  named.domain.forEach((name, i) => add(name, named.range[i]));
  if (chart.level) add(chart.level.name, "currentColor");
  return list;
}

axis?.addEventListener("change", () => charts.forEach(draw));
dark.addEventListener("change", () => charts.forEach(draw));
for (const chart of charts) {
  let drawn = 0;
  new ResizeObserver(() => {
    if (chart.place.clientWidth !== drawn) {
      drawn = chart.place.clientWidth;
      draw(chart);
    }
  }).observe(chart.place);
  draw(chart);
}
