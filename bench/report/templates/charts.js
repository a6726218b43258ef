// The report's charts: unpacked, drawn when they come near, in the page's colours, under one row of switches.
// The file is opened from disk: nothing is fetched. A failure leaves the page's links to the figures for print.
(async () => {
  "use strict";
  const WIDTH_IN_PRINT = 690; // pixels: within the margins of A4 and of Letter
  const PANEL = 230; // pixels in height, where panels are rearranged
  const BESIDE = 0.36; // room between two of them, in widths of one
  const LEFT_ALONE = new Set(["name", "text", "legendgroup", "customdata", "hovertemplate", "x", "y"]); // never colours
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const isNarrow = matchMedia("(max-width: 40rem)");
  const isTouch = matchMedia("(pointer: coarse)");
  const chips = all(".chip[data-strategy]");
  const boxes = all(".plot");
  const remembered = recall();
  const hidden = new Set(remembered.hidden); // names of strategies
  const near = new Set(); // boxes on the screen or close to it
  const drawn = new Map(); // box -> the state that it shows
  const busy = new Set(); // boxes that are being drawn, each once at a time: two drawings measure each other's halves
  let state = 0; // counts what changes all charts: switches, colours, width
  let isPrinting = matchMedia("print").matches;

  comeAgain();
  if (!boxes.length) return;
  let charts, colours;
  try {
    const [library, data] = await Promise.all([unpack("plotly"), unpack("charts")]);
    ({ charts, colours } = JSON.parse(data));
    const script = document.createElement("script");
    script.textContent = library;
    document.head.append(script);
  } catch (error) {
    document.getElementById("undrawn").hidden = false;
    throw error;
  }

  function unpack(id) {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  // Colours: those of the light page are in the figures.
  function recoloured(value, key) {
    if (LEFT_ALONE.has(key) || value === null) return value;
    if (typeof value === "string") return onDark(value);
    if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((part) => recoloured(part, key));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part, name)]));
  }

  function onDark(colour) {
    if (colour in colours.onDark) return colours.onDark[colour];
    const parts = /^rgba\((\d+),(\d+),(\d+),(0?\.\d+|1)\)$/.exec(colour); // of a band; not where nothing is to be seen
    if (!parts) return colour;
    const hex = "#" + parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0")).join("");
    const other = colours.onDark[hex];
    if (!other) return colour;
    return `rgba(${[1, 3, 5].map((place) => parseInt(other.slice(place, place + 2), 16)).join(",")},${parts[4]})`;
  }

  // Fewer panels side by side, where there is no room for more.
  function rearranged(layout, columns) {
    const panels = Object.keys(layout).filter((key) => key.startsWith("yaxis") && layout[key].domain)
      .map((key) => ({ y: layout[key], x: layout[(layout[key].anchor ?? "x").replace("x", "xaxis")] }))
      .filter(({ x }) => x?.domain).sort((a, b) => b.y.domain[1] - a.y.domain[1] || a.x.domain[0] - b.x.domain[0]);
    if (new Set(panels.map(({ x }) => x.domain[0])).size <= columns) return layout;
    const rows = Math.ceil(panels.length / columns);
    const titles = (side) => [...new Set(panels.map((panel) => panel[side].title?.text).filter(Boolean))];
    const [ofX, ofY] = [titles("x"), titles("y")];
    const below = ofX.length > 1 ? 90 : 60; // of a panel: ticks, its title where each has its own, the next heading
    const height = (PANEL + below - 60) * rows + 60;
    const headings = panels.map(({ x, y }) =>
      (layout.annotations ?? []).find((each) => each.x === x.domain[0] && each.y === y.domain[1]));
    panels.forEach(({ x, y }, place) => {
      const [row, column] = [Math.floor(place / columns), place % columns];
      const isLowest = place + columns >= panels.length;
      const [left, top] = [column * (1 + BESIDE) / (columns + (columns - 1) * BESIDE), 1 - row / rows];
      x.domain = [left, left + 1 / (columns + (columns - 1) * BESIDE)].map((end) => Math.min(end, 1));
      y.domain = [row === rows - 1 ? 0 : top - 1 / rows + below / height, top];
      if (headings[place]) Object.assign(headings[place], { x: x.domain[0], y: top });
      if (columns === 1) y.showticklabels = true; // beside each other, one has them for both
      if (ofY.length === 1) y.title = { ...y.title, text: column ? "" : ofY[0] };
      if (ofX.length === 1) x.title = { ...x.title, text: isLowest ? ofX[0] : "" };
    });
    return { ...layout, height };
  }

  // Names along an axis belong to strategies that may be switched off.
  function withoutHidden(data, layout) {
    const { strategies, row, column } = layout.meta ?? {};
    const keep = (strategies ?? []).map((_, place) => place).filter((place) => !hidden.has(strategies[place]));
    if (!strategies || keep.length === strategies.length) return;
    Object.assign(layout.yaxis, ticksOf(layout.yaxis, keep));
    if (data[0].type !== "heatmap") return; // or a square for each pair of them
    for (const part of ["z", "text", "customdata"]) {
      const squares = keep.map((i) => keep.map((j) => data[0][part][i][j]));
      data[0][part] = keep.length ? squares : [[null]]; // with none at all it would draw at NaN
    }
    layout.shapes = layout.shapes.map((frame) => [frame, ...[frame.x0 + frame.x1, frame.y0 + frame.y1]
      .map((sum) => [sum / 2, keep.indexOf(Math.round(sum / 2))])])
      .filter(([, [, x], [, y]]) => x >= 0 && y >= 0)
      .map(([frame, [wasX, x], [wasY, y]]) => ({
        ...frame, x0: frame.x0 + x - wasX, x1: frame.x1 + x - wasX, y0: frame.y0 + y - wasY, y1: frame.y1 + y - wasY,
      }));
    const moved = keep.map((_, place) => place);
    Object.assign(layout.xaxis, ticksOf(layout.xaxis, keep));
    layout.xaxis.tickvals = layout.yaxis.tickvals = moved;
    const size = Math.max(keep.length, 1);
    layout.xaxis.range = [-0.5, size - 0.5];
    layout.yaxis.range = [size - 0.5, -0.5];
    layout.height -= row * (strategies.length - size);
    layout.meta.least -= column * (strategies.length - keep.length);
  }

  function ticksOf(axis, keep) {
    return { tickvals: keep.map((place) => axis.tickvals[place]), ticktext: keep.map((place) => axis.ticktext[place]) };
  }

  function figureOf(box) {
    const { figure } = charts[box.dataset.chart];
    const wanted = isDark.matches && !isPrinting ? recoloured(figure) : figure;
    let layout = structuredClone(wanted.layout);
    const data = wanted.data.map((trace) =>
      hidden.has(trace.legendgroup) ? { ...trace, visible: "legendonly" } : { ...trace });
    withoutHidden(data, layout);
    layout.uirevision = "kept"; // what was zoomed stays so
    layout.paper_bgcolor = isDark.matches && !isPrinting ? colours.card : "#fff";
    if (isNarrow.matches && !isPrinting) {
      layout = rearranged(layout, 1);
      layout.showlegend = false; // the switches are one
      layout.margin = { ...layout.margin, l: 48, r: 8 };
      const least = layout.meta?.least; // where words need it; the box is scrolled
      if (least > box.clientWidth) Object.assign(layout, { width: least, autosize: false });
    }
    if (isPrinting) layout = { ...rearranged(layout, 2), width: WIDTH_IN_PRINT };
    if (isTouch.matches) layout.dragmode = false; // a finger scrolls the page
    (layout.annotations ?? []).forEach((each) => { if (hidden.has(each.name)) each.visible = false; });
    return { data, layout };
  }

  function draw(box) {
    if (busy.has(box) || drawn.get(box) === state) return;
    const isFirst = !drawn.has(box);
    const { data, layout } = figureOf(box);
    if (isFirst && data.every(({ visible }) => visible === "legendonly")) return; // of nothing alone it measures NaN
    drawn.set(box, state);
    busy.add(box);
    const places = (box.layout?.sliders ?? []).map((slider) => slider.active ?? 0);
    places.forEach((place, number) => { layout.sliders[number].active = place; });
    box.style.minHeight = `${layout.height}px`;
    Plotly.react(box, data, layout, {
      displaylogo: false, modeBarButtons: [["toImage"]],
      toImageButtonOptions: { filename: box.dataset.chart, scale: 2 },
    }).then(() => Promise.all(places.map((place, number) => {
      const step = layout.sliders[number].steps[place];
      return Plotly[step.method](box, ...step.args);
    }))).then(() => layout.width || box.clientWidth === box._fullLayout.width || Plotly.Plots.resize(box))
      .finally(() => { busy.delete(box); draw(box); }); // as it is to be by now
    if (!isFirst) return;
    box.on("plotly_legendclick", ({ curveNumber }) => {
      const { legendgroup } = box.data[curveNumber];
      if (legendgroup === undefined) return true;
      change(() => hidden.has(legendgroup) ? hidden.delete(legendgroup) : hidden.add(legendgroup));
      return false;
    });
    box.on("plotly_legenddoubleclick", ({ curveNumber }) => {
      const { legendgroup } = box.data[curveNumber];
      const others = names.filter((name) => name !== legendgroup);
      const isAlone = others.every((name) => hidden.has(name));
      change(() => { hidden.clear(); if (!isAlone) others.forEach((name) => hidden.add(name)); });
      return false;
    });
  }

  function redraw(which = near) {
    state += 1;
    which.forEach(draw);
  }

  // The switches.
  const names = chips.map((chip) => chip.dataset.strategy);
  function change(what) {
    what();
    showChips();
    remember();
    redraw();
  }
  function showChips() {
    chips.forEach((chip) => chip.setAttribute("aria-pressed", String(!hidden.has(chip.dataset.strategy))));
    all(".chip line").forEach((line) => {
      const { colour } = line.dataset;
      line.setAttribute("stroke", isDark.matches ? onDark(colour) : colour);
    });
  }
  chips.forEach((chip) => chip.addEventListener("click", () => {
    const name = chip.dataset.strategy;
    change(() => hidden.has(name) ? hidden.delete(name) : hidden.add(name));
  }));
  document.getElementById("show-all")?.addEventListener("click", () => change(() => hidden.clear()));
  document.getElementById("show-none")?.addEventListener("click", () => change(() => names.forEach((name) => hidden.add(name))));

  all("a[data-csv]").forEach((link) => link.addEventListener("click", () => {
    const { csv } = charts[link.dataset.csv] ?? {};
    if (!csv || link.href.startsWith("blob:")) return;
    link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  }));

  function print(starts) {
    if (starts === isPrinting) return;
    isPrinting = starts;
    redraw(starts ? boxes : near);
  }
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  matchMedia("print").addEventListener("change", ({ matches }) => print(matches));
  isDark.addEventListener("change", () => { showChips(); redraw(); });
  let resized;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(() => redraw(), 150); });

  [...hidden].filter((name) => !names.includes(name)).forEach((name) => hidden.delete(name));
  showChips();
  all(".chips").forEach((bar) => { bar.hidden = false; });
  const watch = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
    if (isIntersecting) { near.add(target); draw(target); } else near.delete(target);
  }), { rootMargin: "600px 0px" });
  boxes.forEach((box) => watch.observe(box));
  if (isPrinting) boxes.forEach(draw);

  // A report of what still runs comes again by itself, and is then where it was.
  function recall() {
    try { return JSON.parse(sessionStorage.getItem(location.pathname)) ?? {}; } catch { return {}; }
  }
  function remember(more = {}) {
    const kept = { hidden: [...hidden], isPaused: remembered.isPaused, ...more };
    try { sessionStorage.setItem(location.pathname, JSON.stringify(kept)); } catch { /* then it is forgotten */ }
  }
  function comeAgain() {
    const back = () => scrollTo(0, remembered.scroll);
    if (remembered.scroll !== undefined) {
      back();
      addEventListener("load", back); // after the browser went to where the address points
    }
    remember();
    const every = Number(document.getElementById("live")?.dataset.every);
    if (!every) return;
    const pause = document.getElementById("pause");
    let clock;
    const go = () => {
      pause.textContent = remembered.isPaused ? "Go on" : "Pause";
      clearTimeout(clock);
      if (remembered.isPaused) return;
      clock = setTimeout(() => { remember({ scroll: scrollY }); location.reload(); }, 1000 * every);
    };
    pause.hidden = false;
    pause.addEventListener("click", () => { remembered.isPaused = !remembered.isPaused; remember(); go(); });
    go();
  }
})();
