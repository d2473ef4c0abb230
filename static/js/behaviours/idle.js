// Notices that nobody was here for data-idle-minutes while the timer ran, and asks what becomes of that time. It changes
// nothing by itself. All tabs of this browser count as one; without script the page /timer/away asks the same.
import { openDialog } from "../dialogs.js"
import { serverNow } from "../server-clock.js"

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]
const KEPT = "devtrackr-seen"
const MINUTE_MS = 60000
// Often enough: what is asked about lasts minutes.
const NOTE_EVERY_MS = 1000
// From the press on a button until the server has counted from there.
const START_TAKES_MS = 15000

export function mount(place) {
  let seenHere = 0

  function beHere() {
    const now = serverNow()
    if (!place.isConnected || (now >= seenHere && now - seenHere < NOTE_EVERY_MS)) return
    const seen = lastSeen() || now
    seenHere = now
    remember(now)
    const started = Date.parse(place.querySelector("[data-started-at]")?.dataset.startedAt)
    const since = Math.max(seen, started)
    // A timer that was started elsewhere, while nobody was here, says that they were there.
    const isOurs = seen >= started - START_TAKES_MS
    if (isOurs && now - since >= Number(place.dataset.idleMinutes) * MINUTE_MS) ask(place, since)
  }

  for (const sign of SIGNS) document.addEventListener(sign, beHere, { passive: true, capture: true })
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") beHere() })
  beHere()
}

async function ask(place, seen) {
  const address = new URL(place.dataset.awayAddress, location.href)
  address.searchParams.set("since", new Date(seen).toISOString())
  address.searchParams.set("next", location.pathname + location.search)
  try {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html")
    const form = page.querySelector("form[data-away]")
    // Stopped or started anew on another device meanwhile: there is nothing to ask.
    if (!form?.elements.away_at.value) return
    const dialog = openDialog("away")
    if (!dialog) return
    dialog.querySelector("[data-away-form]").replaceChildren(document.adoptNode(form))
    window.htmx?.process?.(form)
    form.querySelector("button").focus()
    document.addEventListener("htmx:after:swap", () => dialog.close(), { once: true })
  } catch { /* Without the server nothing can be decided: /timer/away still asks. */ }
}

let seenInThisTab = 0

function lastSeen() {
  try {
    return Math.max(seenInThisTab, Number(localStorage.getItem(KEPT)) || 0)
  } catch {
    return seenInThisTab
  }
}

function remember(now) {
  seenInThisTab = now
  try {
    localStorage.setItem(KEPT, String(now))
  } catch { /* This tab still knows. */ }
}
