// Counts on from data-elapsed-seconds, once a second; with data-in-title it keeps the page's title in step.
// The span comes from the server, so the clock of this machine may be wrong by hours and nothing shows it.
const TITLE_MARK = /^▶ [\d:]+ · /

export function mount(element) {
  const startedAt = Date.now() - Number(element.dataset.elapsedSeconds) * 1000

  function show() {
    const seconds = Math.max(0, Math.floor((Date.now() - startedAt) / 1000))
    const hours = Math.floor(seconds / 3600)
    const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, "0")
    element.textContent = `${hours}:${minutes}:${String(seconds % 60).padStart(2, "0")}`
    element.setAttribute("datetime", `PT${seconds}S`)
    if ("inTitle" in element.dataset) {
      const title = document.title.replace(TITLE_MARK, "")
      const marked = `▶ ${hours}:${minutes} · ${title}`
      if (document.title !== marked) document.title = marked
    }
  }

  show()
  const ticking = setInterval(() => {
    if (element.isConnected) return show()
    clearInterval(ticking)
    if ("inTitle" in element.dataset && !document.querySelector("[data-in-title]")) {
      document.title = document.title.replace(TITLE_MARK, "")
    }
  }, 1000)
}
