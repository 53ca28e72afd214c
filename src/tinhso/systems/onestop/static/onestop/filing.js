// Shows the questions an answer brings up at once. Without this file "Continue" shows them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-reveal]");
  if (!form || !window.htmx) return;
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let sent = "";

  form.addEventListener("change", (event) => {
    if (event.target.matches("input[type=radio], input[type=checkbox], select")) window.htmx.trigger(form, "reveal");
  });
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form) sent = typed();
  });

  // Never over what was typed or chosen since the question was asked: then it is asked again, or by "Continue".
  form.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "questions") return; // a look-up inside the form fills its own list
    const here = document.activeElement;
    const typing = here && form.contains(here) && here.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    const changed = typed() !== sent;
    if (event.detail.isError || typing || changed) event.detail.shouldSwap = false;
    if (changed && !typing && !event.detail.isError) window.setTimeout(() => window.htmx.trigger(form, "reveal"), 0);
  });
  // Questions that could not be fetched now come with the page.
  form.addEventListener("htmx:responseError", (event) => event.stopPropagation());
})();
