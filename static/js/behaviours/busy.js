// Shows a form in flight: its button is busy, and a second press does nothing until the page answers.
const GIVE_BACK_AFTER_MS = 15000

export function watchForms(root) {
  // While capturing, so as to come before whoever sends the form in another way.
  root.addEventListener("submit", send, { capture: true })
  // Back and forward may show this page as it was left.
  addEventListener("pageshow", () => settleAll(root))
  root.addEventListener("htmx:finally:request", () => settleAll(root))
}

function send(event) {
  const form = event.target
  if (form.method === "dialog") return
  if (form.dataset.inFlight !== undefined) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return
  }
  const button = event.submitter ?? form.querySelector("button:not([type=button])")
  form.dataset.inFlight = ""
  button?.setAttribute("aria-busy", "true")
  // A download answers without a new page, and a lost connection without any.
  setTimeout(() => settle(form), form.method === "get" ? 2000 : GIVE_BACK_AFTER_MS)
}

function settleAll(root) {
  root.querySelectorAll("[data-in-flight]").forEach(settle)
}

function settle(form) {
  delete form.dataset.inFlight
  // Its buttons may stand anywhere on the page.
  for (const button of form.elements) button.removeAttribute("aria-busy")
}
