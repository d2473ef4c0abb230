// What boards and calendars share: taking hold of a thing with a mouse or a pen, and saying what became of its move.

// Lets `item`s (a selector) inside root be dragged onto what `placeAt(event, item)` returns; then calls drop(item, place).
export function makeDraggable(root, { item, placeAt, drop }) {
  let dragged = null

  // Not by its buttons, and not by a finger, which scrolls.
  root.addEventListener("pointerdown", (event) => {
    const found = event.target.closest(item)
    if (found) found.draggable = event.pointerType !== "touch" && !event.target.closest("button")
  })
  root.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(item)
    if (!dragged) return
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", dragged.textContent.trim())
    dragged.dataset.dragged = ""
  })
  root.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged
    dragged = null
    mark(root, null)
  })
  root.addEventListener("dragover", (event) => {
    const place = dragged && placeAt(event, dragged)
    mark(root, place)
    if (place) event.preventDefault()
  })
  root.addEventListener("drop", (event) => {
    const place = dragged && placeAt(event, dragged)
    if (!place) return
    event.preventDefault()
    drop(dragged, place)
  })
}

// The sentence in a refusal that came as JSON; null when the answer is a page.
export function refusalIn(ctx) {
  if (ctx.response.status < 400 || !ctx.response.headers.get("Content-Type")?.includes("json")) return null
  try {
    return JSON.parse(ctx.text).detail || "That could not be done."
  } catch {
    return "That could not be done."
  }
}

// Shows a message like the server's own, made from the template in root.
export function refuse(root, words) {
  const messages = document.querySelector(".flashes")
  const message = root.querySelector("template[data-refusal]").content.firstElementChild.cloneNode(true)
  message.querySelector(".flash__text > span").textContent = words
  messages.classList.add("flashes--float")
  messages.replaceChildren(message)
}

// Tells whoever listens rather than looks.
export function say(root, words) {
  root.querySelector("[data-says]").textContent = words
}

function mark(root, over) {
  for (const place of root.querySelectorAll("[data-over]")) if (place !== over) delete place.dataset.over
  if (over) over.dataset.over = ""
}
