// Shows the questions an answer brings up at once. Without this file "Continue" shows them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-reveal]");
  if (!form || !window.htmx) return;

  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio], input[type=checkbox], select")) window.htmx.trigger(form, "reveal");
  });

  // Whoever is already typing in another box keeps typing; "Continue" shows the new questions then.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "questions") return; // a look-up inside the form fills its own list
    const here = document.activeElement;
    const typing = here && form.contains(here) && here.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    if (event.detail.target.id === "questions" && typing) event.detail.shouldSwap = false;
  });
  // Questions that could not be fetched now come with the page.
  form.addEventListener("htmx:responseError", (event) => event.stopPropagation());
})();
