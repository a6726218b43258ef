// A click is a choice; what it changes at the top of the page is drawn first, and what stands below when it is looked at.
(() => {
  const REST_MS = 1000; // from which on what is not looked at is drawn, too
  const kept = () => window.dash_clientside.no_update; // which is not there yet
  let supersede = () => {};

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    experiment: {
      strategy: (clicked, standsFor) => (clicked ? standsFor[clicked.points[0].curveNumber] : kept()),
      run: (clicked) => (clicked ? String(clicked.points[0].customdata) : kept()),
      // Answers with `looked` once the part of the page that shows it is on the screen, or nothing was chosen for a while.
      below(drawn, looked) {
        supersede();
        const place = document.getElementById("experiment-trials");
        return new Promise((answer) => {
          const end = (found) => {
            watch.disconnect();
            clearTimeout(rest);
            answer(place.isConnected ? found : kept()); // else the view was left
          };
          supersede = () => end(kept());
          const rest = setTimeout(() => end(looked), REST_MS);
          const watch = new IntersectionObserver((entries) => {
            if (entries.some((entry) => entry.isIntersecting)) end(looked);
          });
          watch.observe(place);
        });
      },
    },
  });
})();
