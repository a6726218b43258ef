// Trials fall: of what the server drew and ran, as much as the step says is put into the figures.
(() => {
  const TRIALS = 2, INCUMBENT = 3, ABOVE = 4, BESIDE = 5; // as in bench/explore/views/landscape/figures.py
  const distinct = (values) => new Set(values.map((value) => value.toPrecision(9))).size;
  const STROKE = 0.5; // of half of the strip at an edge
  const along = (values) => values.flatMap((value) => [value, value, null]);
  const across = (values) => values.flatMap(() => [-STROKE, STROKE, null]);
  const fill = (trace, more) => ({ ...trace, ...more });

  function fallen(figure, run, step) {
    const n = Math.min(step, run.x.length);
    const [x, y] = [run.x.slice(0, n), run.y.slice(0, n)];
    const best = n ? run.best[n - 1] : 0;
    const at = best ? [best - 1] : [];
    const data = [...figure.data];
    data[TRIALS] = fill(data[TRIALS], {
      x, y,
      marker: {
        ...data[TRIALS].marker,
        color: x.map((_, place) => place), cmax: Math.max(n - 1, 1), size: x.map((_, place) => (place === n - 1 ? 15 : 10)),
      },
      customdata: x.map((_, place) => [place + 1, run.told[place]]),
    });
    data[INCUMBENT] = fill(data[INCUMBENT], {
      x: at.map((place) => run.x[place]), y: at.map((place) => run.y[place]),
      customdata: at.map((place) => [best, run.told[place]]),
    });
    data[ABOVE] = fill(data[ABOVE], { x: along(x), y: across(x) });
    data[BESIDE] = fill(data[BESIDE], { x: across(y), y: along(y) });
    return { ...figure, data };
  }

  function told(name, run, step, names) {
    const n = Math.min(step, run.x.length);
    if (!n) return run.wrong || `${name}: no trial yet.`;
    const [x, y] = [distinct(run.x.slice(0, n)), distinct(run.y.slice(0, n))];
    const short = run.wrong || `it proposed no more than ${run.x.length}`;
    const ended = run.x.length < step ? ` (${short})` : "";
    const failed = run.regret[n - 1] === null ? "; none succeeded" : "";
    return `${n} ${n === 1 ? "trial" : "trials"}${ended}: ${x} distinct values of ${names[0]}, ${y} of ${names[1]}${failed}`;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    landscape: {
      draw(step, drawn) {
        if (!drawn) return Array(5).fill(window.dash_clientside.no_update);
        const [first, second] = drawn.runs;
        const regrets = {
          ...drawn.regrets,
          data: drawn.regrets.data.map((trace, place) => {
            const n = Math.min(step, drawn.runs[place].x.length);
            const y = drawn.runs[place].regret.slice(0, n);
            const reached = y.at(-1) ?? null; // in the legend, where it needs no room of its own
            const name = reached === null ? trace.name : `${trace.name}: ${Number(reached.toPrecision(3))}`;
            return fill(trace, { x: y.map((_, trial) => trial + 1), y, name });
          }),
        };
        return [
          fallen(drawn.figures[0], first, step), fallen(drawn.figures[1], second, step), regrets,
          told(drawn.strategies[0], first, step, drawn.names), told(drawn.strategies[1], second, step, drawn.names),
        ];
      },
      // Who asked: the clock, or a button. Answers with the step, and whether the clock stands.
      move(ticks, play, back, forward, start, step, stands, most) {
        const asked = window.dash_clientside.callback_context.triggered_id;
        if (asked === "landscape-play") return stands ? [step >= most ? 0 : step, false] : [step, true];
        const tick = asked === "landscape-clock" && !stands; // one more may come after Pause
        if (tick) return [Math.min(step + 1, most), step + 1 >= most];
        if (asked === "landscape-forward") return [Math.min(step + 1, most), true];
        if (asked === "landscape-back") return [Math.max(step - 1, 0), true];
        if (asked === "landscape-start") return [0, true];
        return [window.dash_clientside.no_update, window.dash_clientside.no_update];
      },
      stands(stands) {
        return [stands, stands ? "▶ Play" : "❚❚ Pause"];
      },
      pace(perSecond) {
        return 1000 / perSecond;
      },
    },
  });
})();
