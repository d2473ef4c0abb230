// Ctrl+K: type a few letters of a page, an action, a task, a customer; the arrows choose, Enter goes there.
import { addressOf, allKeys } from "./keys.js"
import { openDialog } from "./dialogs.js"

const PAUSE_MS = 120

export function openPalette(act) {
  const dialog = openDialog("palette")
  if (!dialog) return
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("[role=listbox]")
  let pause, asking

  async function ask() {
    asking?.abort()
    asking = new AbortController()
    try {
      const address = `${addressOf("/palette")}?q=${encodeURIComponent(input.value)}`
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal })
      if (answer.redirected) return location.reload()
      if (answer.ok || answer.status === 422) list.innerHTML = await answer.text()
      choose(options()[0])
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren()
    }
  }

  const options = () => [...list.querySelectorAll("[role=option]")]
  const chosen = () => list.querySelector("[aria-selected=true]")

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) input.setAttribute("aria-activedescendant", option.id)
    else input.removeAttribute("aria-activedescendant")
  }

  async function go(option) {
    if (!option) return
    dialog.close()
    const key = option.dataset.act && (await allKeys()).find((one) => one.act === option.dataset.act)
    if (key) act(key)
    else location.assign(option.dataset.go)
  }

  input.addEventListener("input", () => {
    clearTimeout(pause)
    pause = setTimeout(ask, PAUSE_MS)
  })
  input.addEventListener("keydown", async (event) => {
    if (event.isComposing) return
    const all = options()
    const place = all.indexOf(chosen())
    const last = all.length - 1
    const next = { ArrowDown: place < last ? place + 1 : 0, ArrowUp: place > 0 ? place - 1 : last, PageDown: last, PageUp: 0 }[event.key]
    if (event.key === "Enter") {
      event.preventDefault()
      clearTimeout(pause)
      if (input.value !== (list.querySelector("[data-words]")?.dataset.words ?? "")) await ask()
      go(chosen())
    } else if (next !== undefined) {
      event.preventDefault()
      choose(all[next])
    }
  })
  list.addEventListener("click", (event) => go(event.target.closest("[role=option]")))
  ask()
}
