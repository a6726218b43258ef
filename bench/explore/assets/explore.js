// What runs in the browser for every view: the address follows the controls, the title the page.
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  explore: {
    keepAddress(values, ids, [defaults]) {
      if (!defaults) return window.dash_clientside.no_update; // the view was just left
      const query = new URLSearchParams();
      ids.forEach((id, place) => {
        const value = values[place];
        const usual = defaults[id.field];
        const isSwitch = usual === "on" || usual === "off";
        const listed = isSwitch ? (value.length ? "on" : "off") : value?.join?.(",");
        const emptied = value === null || value === undefined || Number.isNaN(value); // a number that was deleted
        const text = listed ?? (emptied ? usual : String(value));
        if (text !== usual) query.set(id.field, text);
      });
      const search = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
      try {
        window.history.replaceState(window.history.state, "", window.location.pathname + (search ? `?${search}` : ""));
      } catch {
        // Some browsers refuse more than ten a second, as where an animation plays: the next change is written.
      }
      return window.dash_clientside.no_update;
    },
    headed(heading) {
      document.title = heading && heading !== "search-bench" ? `${heading} – search-bench` : "search-bench";
      document.querySelectorAll("header nav a").forEach((link) => {
        if (new URL(link.href).pathname === window.location.pathname) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      return window.dash_clientside.no_update;
    },
  },
});

// Dash names neither a slider's handle nor what a menu puts into the tab order: the label of their group is their name.
// And it calls radio buttons, which are controls, options of a list, which hold none.
new MutationObserver(() => {
  document.querySelectorAll(".control").forEach((group) => {
    const label = group.getAttribute("aria-label") ?? group.innerText;
    group.querySelectorAll("[role=slider]:not([aria-label]), input:not([aria-label]):not([type=radio]):not([type=checkbox])")
      .forEach((part) => part.setAttribute("aria-label", label));
    group.querySelectorAll("label[role=option]").forEach((part) => part.removeAttribute("role"));
    group.querySelectorAll("label[aria-selected]").forEach((part) => part.removeAttribute("aria-selected"));
    group.querySelectorAll("[role=listbox]:has(> label)").forEach((part) => part.setAttribute("role", "group"));
    group.querySelectorAll("input[aria-hidden=true]").forEach((part) => part.removeAttribute("aria-hidden"));
  });
}).observe(document.documentElement, { childList: true, subtree: true });

// A number beside a slider counts when it is left; Enter, too, says that it is typed.
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Enter" || !target.matches(".dash-range-slider-input")) return;
  target.blur();
  target.focus();
});
