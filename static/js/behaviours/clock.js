// Counts on from data-elapsed-seconds, once a second; with data-in-title it keeps the page's title in step.
// The span comes from the server, so the clock of this machine may be wrong by hours and nothing shows it.
const TITLE_MARK = /^▶ [\d:]+ · /

export function mount(element) {
  let given, startedAt

  function show() {
    // The page may have been put right in place, with another timer in the same element.
    if (element.dataset.elapsedSeconds !== given) {
      given = element.dataset.elapsedSeconds
      startedAt = Date.now() - Number(given) * 1000
    }
    const seconds = Math.max(0, Math.floor((Date.now() - startedAt) / 1000))
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
