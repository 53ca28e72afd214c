// Comforts only: every page works without this file. No inline handlers, no evaluation of text.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function prepare(root) {
    all("[data-focus]", root).forEach((box) => box.focus());
    all("[data-toast]", root).forEach(addClose);
  }

  function addClose(toast) {
    if (toast.querySelector(".toast-close")) return;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button quiet toast-close";
    close.textContent = document.documentElement.lang === "en" ? "Close" : "Đóng";
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
  }

  // A form is sent once; the browser's "back" gives its buttons again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    form.removeAttribute("data-changed");
    if (!form.hasAttribute("data-once")) return;
    if (form.hasAttribute("data-sent")) return event.preventDefault();
    form.setAttribute("data-sent", "");
    all(".button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", () => all("[data-sent]").forEach((form) => {
    form.removeAttribute("data-sent");
    all(".button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (form) form.setAttribute("data-changed", "");
    if (event.target.matches("[data-date]") && !(event.inputType || "").startsWith("delete")) slashes(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  // Number pads have no slash: 27032025 becomes 27/03/2025 while typing at the end.
  function slashes(input) {
    if (input.selectionStart !== input.value.length || !/^[\d/]*$/.test(input.value)) return;
    if (/^\d{2}$|^\d{1,2}\/\d{2}$/.test(input.value)) input.value += "/";
    input.value = input.value.replace(/^(\d{2})(\d)/, "$1/$2").replace(/^(\d{1,2}\/\d{2})(\d)/, "$1/$2").replace(/\/{2,}/g, "/");
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-check-all]")) checks(box).forEach((other) => { other.checked = box.checked; });
    if (box.type === "checkbox") count(box.closest("form"));
    if (box.type === "file") picked(box);
  });
  const checks = (box) => all("tbody input[type=checkbox]", box.closest("table"));
  function count(form) {
    const shown = form && form.querySelector("[data-check-count]");
    if (shown) shown.textContent = all("tbody input[type=checkbox]:checked", form).length;
  }

  // An empty or too large file is said at once, not after a slow upload.
  function picked(input) {
    const field = input.closest(".field");
    const line = field && field.querySelector(".file-picked");
    const file = input.files[0];
    if (!line) return;
    line.hidden = !file;
    if (!file) return;
    const large = file.size > Number(input.dataset.maxMb) * 1048576;
    const wrong = large || file.size === 0;
    line.classList.toggle("error", wrong);
    line.textContent = large ? line.dataset.tooBig : file.size === 0 ? line.dataset.empty
      : `${file.name} (${Math.max(1, Math.round(file.size / 1024))} KB)`;
    if (wrong) input.value = "";
    else all("input[type=file]", field).forEach((other) => { if (other !== input) other.value = ""; });
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    if (event.target.closest("dialog [data-close]")) event.target.closest("dialog").close();
    all("details[data-closes][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    }
    if (event.key === "Escape") all("details[data-closes][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    const list = event.target.closest && event.target.closest("[data-keys]");
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!list || !step || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), select, textarea")) return;
    const links = all("tbody th a", list);
    const row = event.target.closest("tr");
    const here = links.findIndex((link) => row && row.contains(link));
    const next = links[here + step];
    if (next) { event.preventDefault(); next.focus(); }
  });

  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
  prepare(document);
})();
