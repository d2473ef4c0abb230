// Keeps the timer at the top as it is on the server, whoever changed it: another tab says so at once, another device is
// found out when this page comes forward. Without script the next page shows it.
import { learn } from "../server-clock.js"

// Coming forward is told in several ways at once.
const REST_MS = 2000

export function mount(place) {
  const others = "BroadcastChannel" in window ? new BroadcastChannel("devtrackr-timer") : null
  const arrived = performance.getEntriesByType("navigation")[0]
  let askedAt = Date.now(), mark = ""

  // What the server has put here, with this page or in place of it.
  function read() {
    const shown = place.querySelector("[data-mark]")
    if (!shown || shown.dataset.read === shown.dataset.now) return
    shown.dataset.read = shown.dataset.now
    if (mark || !arrived) learn(Date.parse(shown.dataset.now), Date.now())
    else learn(Date.parse(shown.dataset.now), performance.timeOrigin + arrived.responseStart, performance.timeOrigin + arrived.requestStart)
    if (shown.dataset.mark === mark) return
    mark = shown.dataset.mark
    others?.postMessage(mark)
  }

  async function ask() {
    if (!place.isConnected || place.querySelector("[data-in-flight]")) return
    const asked = askedAt = Date.now()
    const address = new URL(place.dataset.address, location.href)
    address.searchParams.set("mark", mark)
    address.searchParams.set("next", location.pathname + location.search)
    try {
      // Whoever was logged out meanwhile sees so with the next thing they do.
      const answer = await fetch(address, { redirect: "manual" })
      if (answer.ok) learn(Date.parse(answer.headers.get("Date")), Date.now(), asked)
      if (answer.status === 200) put(await answer.text())
    } catch { /* Away: the next time it comes forward it asks again. */ }
  }

  function put(html) {
    const hadFocus = place.contains(document.activeElement)
    place.innerHTML = html
    // A page about nothing else, on which nothing can be typed.
    if (document.querySelector("[data-page-timer]")) return location.reload()
    window.htmx?.process?.(place)
    if (hadFocus) place.querySelector("button, a")?.focus({ preventScroll: true })
  }

  function comeForward() {
    if (document.visibilityState === "visible" && Date.now() - askedAt > REST_MS) ask()
  }

  others?.addEventListener("message", (event) => { if (event.data !== mark) ask() })
  document.addEventListener("visibilitychange", comeForward)
  addEventListener("focus", comeForward)
  addEventListener("pageshow", (event) => { if (event.persisted) ask() })
  new MutationObserver(read).observe(place, { childList: true, subtree: true, attributeFilter: ["data-mark", "data-now"] })
  read()
}
