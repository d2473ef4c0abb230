// Shows a form in flight: its button is busy, and a second press does nothing until the page answers.
const GIVE_BACK_AFTER_MS = 15000

export function watchForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target
    if (form.dataset.inFlight !== undefined) return event.preventDefault()
    if (event.defaultPrevented || form.method === "dialog") return
    const button = event.submitter ?? form.querySelector("button:not([type=button])")
    form.dataset.inFlight = ""
    button?.setAttribute("aria-busy", "true")
    // A download answers without a new page, and a lost connection without any.
    setTimeout(() => settle(form), form.method === "get" ? 2000 : GIVE_BACK_AFTER_MS)
  })
  // Back and forward may show this page as it was left.
  addEventListener("pageshow", () => root.querySelectorAll("[data-in-flight]").forEach(settle))
  root.addEventListener("htmx:finally:request", () => root.querySelectorAll("[data-in-flight]").forEach(settle))
}

function settle(form) {
  delete form.dataset.inFlight
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"))
}
