// Draws the charts that the page carries packed, lets the legends hide series, saves charts and tables, shades edges.
"use strict";

const { schema, configuration, onThePage } = window.sharedByCharts ?? {};
const OPTIONS = { actions: false, defaultStyle: false, renderer: "svg", tooltip: { theme: "page" } };
const SAVED_WIDTH = 640;

async function unpack() {
  const packed = document.getElementById("charts")?.textContent;
  if (!packed) return {};
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(unpacked).json();
}

async function draw(place, charts) {
  const chart = charts[place.dataset.chart];
  const config = { ...configuration, ...onThePage };
  const { view } = await vegaEmbed(place, chart, { ...OPTIONS, config });
  place.closest(".panel").append(saving(chartFormats(place, chart)));
  return view;
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
  const above = place.closest(".exhibit, section, article")?.querySelector("h2, h3")?.textContent ?? document.title;
  const own = place.closest(".panel")?.querySelector(".panel-title")?.textContent ?? "";
  return [above, own].filter(Boolean).join(": ").replace(/\s+/g, " ").trim();
}

function onItsOwn(place, chart) {
  const title = { text: titleOf(place), anchor: "start", limit: SAVED_WIDTH };
  return { $schema: schema, title, ...chart, width: SAVED_WIDTH, config: configuration };
}

function withColours(text) {
  const style = getComputedStyle(document.documentElement);
  return text.replace(/var\((--[\w-]+)(?:,\s*[^()]*)?\)/g, (_, name) => style.getPropertyValue(name).trim());
}

async function svgOf(place, chart) {
  const { view } = await vegaEmbed(document.createElement("div"), onItsOwn(place, chart), OPTIONS);
  const svg = withColours(await view.toSVG());
  view.finalize();
  const surface = withColours("var(--surface)");
  return svg.replace(/(<svg[^>]*>)/, `$1<rect width="100%" height="100%" fill="${surface}"/>`);
}

async function pngOf(svg, scale = 2) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
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
  SVG: ["svg", () => svgOf(place, chart)],
  PNG: ["png", async () => pngOf(await svgOf(place, chart))],
  CSV: ["csv", () => csvOf(rowsOf(chart))],
  "Vega-Lite": ["vl.json", () => withColours(JSON.stringify(onItsOwn(place, chart), null, 1))],
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

unpack().then((charts) => {
  for (const figure of document.querySelectorAll("[data-figure]")) enliven(figure, charts);
});
for (const table of document.querySelectorAll("main table")) {
  (table.closest(".scroll") ?? table).after(saving(tableFormats(table)));
}
document.querySelectorAll(".scroll").forEach(shadeEdges);
