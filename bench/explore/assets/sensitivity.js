// A hyperparameter's slider stands in its own scale, decades where that is logarithmic; the number beside it is its value.
(() => {
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    sensitivity: {
      // Answers with position, number, and what the number means; who was moved moves the other.
      pair(position, number, scale) {
        const kept = window.dash_clientside.no_update;
        const means = (value) => (scale.power ? ` = ${2 ** value}` : "");
        if (typeof window.dash_clientside.callback_context.triggered_id === "string") { // the slider
          const value = scale.log ? 10 ** position : position;
          const rounded = scale.whole ? Math.round(value) : Number(value.toPrecision(2));
          return [kept, rounded === number ? kept : rounded, means(rounded)];
        }
        if (!Number.isFinite(number)) return [kept, kept, kept];
        return [scale.log ? Math.log10(number) : number, kept, means(number)];
      },
    },
  });
})();
