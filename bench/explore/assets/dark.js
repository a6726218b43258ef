// Figures are made for a light page; where the reader's system is dark, they are drawn in other colours (bench/explore/dark.py).
(() => {
  const LEFT_ALONE = new Set(["name", "text", "legendgroup", "customdata", "hovertemplate", "x", "y", "z"]); // never colours
  const { onDark } = document.documentElement.dataset;
  const others = JSON.parse(onDark);
  const isDark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = new WeakMap(); // graph -> its figure in light colours

  function other(colour) {
    if (colour in others) return others[colour];
    const parts = /^rgba\((\d+),(\d+),(\d+),(0?\.\d+|1)\)$/.exec(colour); // of a band; not where nothing is to be seen
    if (!parts) return colour;
    const hex = "#" + parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0")).join("");
    const found = others[hex];
    return found ? `rgba(${[1, 3, 5].map((place) => parseInt(found.slice(place, place + 2), 16)).join(",")},${parts[4]})` : colour;
  }

  function recoloured(value, key) {
    if (LEFT_ALONE.has(key) || value === null || value?.meta === "kept") return value;
    if (typeof value === "string") return other(value);
    if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((part) => recoloured(part, key));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part, name)]));
  }

  let library;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => library,
    set(loaded) { // later, when the first figure needs it
      library = { ...loaded, react: (graph, figure, ...more) => {
        drawn.set(graph, figure);
        const { data, layout } = figure;
        const seen = isDark.matches ? { ...figure, data: recoloured(data), layout: recoloured(layout) } : figure;
        return loaded.react(graph, seen, ...more);
      } };
    },
  });
  isDark.addEventListener("change", () => document.querySelectorAll(".js-plotly-plot").forEach((graph) => {
    if (drawn.has(graph)) library.react(graph, drawn.get(graph));
  }));
})();
