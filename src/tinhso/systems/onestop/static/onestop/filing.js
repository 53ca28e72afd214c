// Shows the questions an answer brings up at once. Without this file "Continue" shows them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-reveal]");
  if (!form || !window.htmx) return;

  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio], input[type=checkbox], select")) window.htmx.trigger(form, "reveal");
  });

  // Whoever is already typing in another box keeps typing: only the draft's number is taken over.
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "questions") return;
    const version = event.detail.xhr.getResponseHeader("X-Draft-Version");
    const here = document.activeElement;
    const typing = here && form.contains(here) && here.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    if (!version || typing) event.detail.shouldSwap = false;
    if (version) form.elements.version.value = version;
  });
  // An answer that could not be saved now is saved with the page.
  form.addEventListener("htmx:responseError", (event) => event.stopPropagation());
})();
