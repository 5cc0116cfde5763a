// Draws the charts that the page carries packed, lets the legends hide series, saves charts and tables, shades edges.
"use strict";

const { schema, configuration, onThePage } = window.sharedByCharts ?? {};
// Expressions are interpreted, since pages may be served where scripts must not make code, and nothing styles itself.
const TOOLTIP = { theme: "page", disableDefaultStyle: true };
const OPTIONS = { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: TOOLTIP };
const AHEAD = "600px";
const SAVED_WIDTH = 640;

async function unpack() {
  const packed = document.getElementById("charts")?.textContent;
  if (!packed) return {};
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).json();
}

// A chart takes the place of its picture, which comes back if that fails.
async function draw(place, charts) {
  const chart = charts[place.dataset.chart];
  const panel = place.closest(".panel");
  const config = { ...configuration, ...onThePage };
  panel.classList.add("drawn");
  try {
    const { view } = await vegaEmbed(place, chart, { ...OPTIONS, config });
    panel.append(saving(chartFormats(place, chart)));
    return view;
  } catch (reason) {
    panel.classList.remove("drawn");
    throw reason;
  }
}

function hidden(buttons) {
  const off = buttons.filter((button) => button.getAttribute("aria-pressed") === "false");
  return off.map((button) => button.dataset.series);
}

async function enliven(figure, charts) {
  const views = await Promise.all([...figure.querySelectorAll("[data-chart]")].map((place) => draw(place, charts)));
  const buttons = [...figure.querySelectorAll("button[data-series]")];
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const pressed = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!pressed));
      for (const view of views) view.signal("hidden", hidden(buttons)).runAsync();
    });
  }
}

// Saving: a chart stands on its own then, with its title, its legend and colours that need no page.

function titleOf(place) {
  const named = place.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");
  const above = document.getElementById(named)?.textContent ?? document.title;
  const own = place.closest(".panel")?.querySelector(".panel-title")?.textContent ?? "";
  return [above, own].filter(Boolean).join(": ").replace(/\s+/g, " ").trim();
}

function onItsOwn(place, chart) {
  const title = { text: titleOf(place), anchor: "start", limit: SAVED_WIDTH };
  const config = { ...configuration, background: "var(--surface)" };
  return withColours({ $schema: schema, title, ...chart, width: SAVED_WIDTH, config });
}

function withColours(chart) {
  const style = getComputedStyle(document.documentElement);
  const text = JSON.stringify(chart);
  return JSON.parse(text.replace(/var\((--[\w-]+)(?:,\s*[^()]*)?\)/g, (_, name) => style.getPropertyValue(name).trim()));
}

async function alone(place, chart, made) {
  const { view } = await vegaEmbed(document.createElement("div"), onItsOwn(place, chart), OPTIONS);
  const result = await made(view);
  view.finalize();
  return result;
}

async function pngOf(view, scale = 2) {
  const canvas = await view.toCanvas(scale);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// Several layers may show a row; it is saved once.
function rowsOf(chart) {
  const inline = [chart, ...chart.layer].flatMap((part) => part.data?.values ?? []);
  const found = [...Object.values(chart.datasets ?? {}).flat(), ...inline];
  const rows = [...new Map(found.map((row) => [JSON.stringify(row), row])).values()];
  const columns = [...new Set(rows.flatMap(Object.keys))];
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
}

const chartFormats = (place, chart) => ({
  SVG: ["svg", () => alone(place, chart, (view) => view.toSVG())],
  PNG: ["png", () => alone(place, chart, pngOf)],
  CSV: ["csv", () => csvOf(rowsOf(chart))],
  "Vega-Lite": ["vl.json", () => JSON.stringify(onItsOwn(place, chart), null, 1)],
});

// A cell that spans rows or columns stands in each of them.
function cellsOf(table) {
  const grid = [];
  [...table.rows].forEach((row, y) => {
    grid[y] ??= [];
    for (const cell of row.cells) {
      let x = 0;
      while (grid[y][x] !== undefined) x += 1;
      const text = cell.innerText.replace(/\s+/g, " ").trim();
      for (let down = 0; down < cell.rowSpan; down += 1)
        for (let right = 0; right < cell.colSpan; right += 1) (grid[y + down] ??= [])[x + right] = text;
    }
  });
  return grid;
}

function csvOf(rows) {
  const quoted = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
  return rows.map((row) => row.map(quoted).join(",")).join("\n") + "\n";
}

function latexOf([head, ...body], caption) {
  const special = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const escaped = (text) => text.replace(/[\\~^&%$#_{}]/g, (sign) => special[sign] ?? `\\${sign}`);
  const line = (cells) => cells.map(escaped).join(" & ") + " \\\\";
  return [
    "\\begin{table}",
    `\\caption{${escaped(caption)}}`,
    `\\begin{tabular}{${"l".repeat(head.length)}}`,
    "\\hline",
    line(head),
    "\\hline",
    ...body.map(line),
    "\\hline",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

const captionOf = (table) => table.caption?.textContent.trim() ?? document.title;

const tableFormats = (table) => ({
  CSV: ["csv", () => csvOf(cellsOf(table))],
  LaTeX: ["tex", () => latexOf(cellsOf(table), captionOf(table))],
});

function saving(formats) {
  const menu = document.createElement("details");
  menu.className = "save";
  menu.append(Object.assign(document.createElement("summary"), { textContent: "Save" }));
  for (const [name, [ending, make]] of Object.entries(formats)) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
    button.addEventListener("click", async () => save(await make(), fileName(menu, ending)));
    menu.append(button);
  }
  return menu;
}

function fileName(menu, ending) {
  const panel = menu.closest(".panel")?.querySelector("[data-chart]")?.dataset.chart;
  const place = panel ?? menu.closest("[id]")?.id ?? "table";
  return `${document.body.dataset.page}-${place}.${ending}`;
}

function save(content, name) {
  const blob = content instanceof Blob ? content : new Blob([content], { type: "text/plain" });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A reader sees by a shadow that a table goes on beyond an edge.
function shadeEdges(region) {
  const shade = () => {
    const left = region.scrollWidth - region.clientWidth - region.scrollLeft;
    region.classList.toggle("more-left", region.scrollLeft > 1);
    region.classList.toggle("more-right", left > 1);
    region.classList.toggle("more-below", region.scrollHeight - region.clientHeight - region.scrollTop > 1);
  };
  region.addEventListener("scroll", shade, { passive: true });
  new ResizeObserver(shade).observe(region);
}

// Figures are drawn shortly before they come into view. What cannot be drawn keeps its picture.
function drawWhenSeen(charts) {
  const soon = new IntersectionObserver(
    (seen) => {
      for (const { target } of seen.filter((each) => each.isIntersecting)) {
        soon.unobserve(target);
        enliven(target, charts).catch(console.warn);
      }
    },
    { rootMargin: AHEAD },
  );
  document.querySelectorAll("[data-figure]").forEach((figure) => soon.observe(figure));
}

// On paper nothing can be opened.
function unfoldOnPaper() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not(.save, [open])")];
    for (const folded of opened) folded.open = true;
  });
  addEventListener("afterprint", () => opened.forEach((folded) => (folded.open = false)));
}

unfoldOnPaper();
if (window.vegaEmbed) unpack().then(drawWhenSeen).catch(console.warn);
for (const table of document.querySelectorAll("main table")) {
  (table.closest(".scroll") ?? table).after(saving(tableFormats(table)));
}
document.querySelectorAll(".scroll").forEach(shadeEdges);
