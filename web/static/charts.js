// Charts beside tables: each is drawn from the cells of its table, and again when the page says that
// they changed ("figures"), or when light turns to dark. They are for the eye: who listens reads the
// table.
const { echarts } = globalThis;
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const BAR = 30; // pixels for each bar, its gap with it
const FOOT = 64; // pixels for what stands around the bars
const places = [...document.querySelectorAll("[data-chart]")];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// What an element says, without the small tags within it.
const words = (element) => [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join("").trim();

function read(table) {
  const heads = [...table.querySelectorAll("thead [data-series]")];
  const rows = [...table.querySelectorAll("tbody tr")];
  const numbers = rows.map((row) => [...row.querySelectorAll("[data-n]")].map((cell) => Number(cell.dataset.n)));
  return {
    labels: rows.map((row) => words(row.cells[0])),
    series: heads.map((head, index) => ({
      name: words(head),
      colour: head.dataset.series,
      data: numbers.map((row) => row[index] ?? 0),
    })),
  };
}

function option(form, { labels, series }) {
  const soft = colour("soft");
  const text = { color: soft, fontFamily: "inherit", fontSize: 12 };
  const names = { type: "category", data: labels, axisLabel: { ...text, width: form === "bars" ? 130 : undefined, overflow: "truncate" }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line") } }, inverse: form === "bars" };
  const counts = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: colour("line") } } };
  return {
    animation: !still.matches,
    animationDuration: 300,
    grid: { left: 8, right: 24, top: series.length > 1 ? 36 : 12, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: series.length > 1, top: 0, left: 0, textStyle: { color: colour("ink") }, icon: "rect", itemWidth: 12, itemHeight: 12 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", confine: true, backgroundColor: colour("sheet"), borderColor: colour("edge"), textStyle: { color: colour("ink") } },
    xAxis: form === "bars" ? counts : names,
    yAxis: form === "bars" ? names : counts,
    series: series.map((one) => ({
      name: one.name,
      type: "bar",
      stack: form === "bars" ? "all" : undefined,
      data: one.data,
      barMaxWidth: 18,
      itemStyle: {
        color: colour(one.colour),
        // What is late shows without its colour, too.
        decal: one.colour === "bad" ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: colour("sheet") } : undefined,
      },
    })),
  };
}

function draw(place) {
  const found = read(document.getElementById(place.dataset.of));
  const form = place.dataset.chart;
  place.hidden = !found.labels.length;
  if (place.hidden) return;
  const height = form === "bars" ? found.labels.length * BAR + FOOT : 240;
  place.style.height = `${height}px`;
  const known = echarts.getInstanceByDom(place);
  const chart = known ?? echarts.init(place, null, { renderer: "canvas" });
  if (known) chart.resize();
  chart.setOption(option(form, found), { notMerge: false, lazyUpdate: false });
}

const drawAll = () => places.forEach(draw);

new ResizeObserver(drawAll).observe(document.getElementById("main"));
dark.addEventListener("change", drawAll);
document.addEventListener("figures", drawAll);
