// Passkeys: asks the browser's keys and sends their answer as an ordinary form. Without this file the form stays hidden.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function opened(options) {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (key.user) key.user.id = bytes(key.user.id);
    for (const list of [key.excludeCredentials, key.allowCredentials]) (list || []).forEach((one) => { one.id = bytes(one.id); });
    return options;
  }

  function closed(made) {
    const told = { id: made.id, rawId: text(made.rawId), type: made.type, response: {}, clientExtensionResults: {},
      authenticatorAttachment: made.authenticatorAttachment };
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) told.response[name] = text(made.response[name]);
    }
    return JSON.stringify(told);
  }

  async function run(form) {
    const box = form.querySelector("[data-passkey-error]");
    box.hidden = true;
    try {
      const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
      if (!answer.ok) throw new Error(String(answer.status));
      const options = opened(await answer.json());
      const made = form.dataset.passkey === "create" ? await navigator.credentials.create(options) : await navigator.credentials.get(options);
      form.querySelector("[name=credential]").value = closed(made);
      form.submit();
    } catch (error) {
      box.textContent = form.dataset.failed;
      box.hidden = false;
    }
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
  });
})();
