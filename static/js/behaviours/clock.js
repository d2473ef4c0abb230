// Counts from data-started-at, an instant of the server's clock; with data-in-title it keeps the page's title in step.
// Nothing is added up: after a sleep, or in a tab that was held back, the next look is right.
import { serverNow } from "../server-clock.js"

const TITLE_MARK = /^▶ [\d:]+ · /

export function mount(element) {
  function show() {
    const seconds = Math.max(0, Math.floor((serverNow() - Date.parse(element.dataset.startedAt)) / 1000))
    const hours = Math.floor(seconds / 3600)
    const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, "0")
    element.textContent = `${hours}:${minutes}:${String(seconds % 60).padStart(2, "0")}`
    element.setAttribute("datetime", `PT${seconds}S`)
    if ("inTitle" in element.dataset) markTitle(`▶ ${hours}:${minutes} · `)
  }

  show()
  const ticking = setInterval(() => {
    if (element.isConnected) return show()
    clearInterval(ticking)
    if (!document.querySelector("[data-in-title]")) markTitle("")
  }, 1000)
}

function markTitle(mark) {
  const marked = mark + document.title.replace(TITLE_MARK, "")
  if (document.title !== marked) document.title = marked
}
