// Cards can be dragged to another column. A drop presses the card's own button for that column, at once to the eye; what
// the server refuses goes back to where it was, and a message says why. Without script the buttons do it all.
const inFlight = new Set()

export function mount(board) {
  let dragged = null

  // Only what a mouse or pen takes hold of, and not by its buttons; a finger scrolls.
  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".task-card")
    if (card) card.draggable = event.pointerType !== "touch" && !event.target.closest("button")
  })
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".task-card")
    if (!dragged) return
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", titleOf(dragged))
    dragged.dataset.dragged = ""
  })
  board.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.dragged
    dragged = null
    mark(board, null)
  })
  board.addEventListener("dragover", (event) => {
    const column = dragged && columnAt(event, dragged)
    mark(board, column)
    if (column) event.preventDefault()
  })
  board.addEventListener("drop", (event) => {
    const column = dragged && columnAt(event, dragged)
    if (!column) return
    event.preventDefault()
    const button = dragged.querySelector(`button[value="${column.dataset.status}"]`)
    button.form.requestSubmit(button)
  })

  board.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail
    const card = ctx.sourceElement.closest(".task-card")
    if (!card) return
    // A refusal comes as a sentence, not as a page.
    ctx.request.headers.Accept = "application/json"
    ctx.move = moveAhead(board, card, ctx.request.submitter?.value)
    inFlight.add(ctx)
  })
  board.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail
    if (!ctx.move) return
    inFlight.delete(ctx)
    if (ctx.response.status >= 400) {
      event.preventDefault()
      takeBack(ctx.move)
      refuse(board, ctx.move, sentenceIn(ctx.text))
    } else if (inFlight.size) {
      // The answer to the last one shows them all; this one would put the others back for a moment.
      event.preventDefault()
      delete ctx.move.card.dataset.sent
    }
  })
  board.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail
    if (!ctx?.move || !inFlight.delete(ctx)) return
    takeBack(ctx.move)
    refuse(board, ctx.move, "It could not be sent. Are you connected?")
  })
  // Said once the server has agreed; on the document, for the card may have been drawn anew.
  document.addEventListener("htmx:after:swap", (event) => {
    const move = event.detail.ctx?.move
    if (move && board.isConnected) say(board, `${move.title} is now in ${move.column.dataset.label}.`)
  })
}

function titleOf(card) {
  return card.querySelector(".task-card__title").textContent.trim()
}

function columnAt(event, card) {
  const column = event.target.closest?.(".task-board__column")
  return column && column.dataset.status !== card.dataset.status ? column : null
}

function mark(board, over) {
  for (const column of board.querySelectorAll("[data-over]")) if (column !== over) delete column.dataset.over
  if (over) over.dataset.over = ""
}

function moveAhead(board, card, status) {
  const column = board.querySelector(`.task-board__column[data-status="${status}"]`)
  const move = { card, column, title: titleOf(card), from: card.parentElement, before: card.nextElementSibling, status: card.dataset.status }
  const focused = card.contains(document.activeElement) ? document.activeElement : null
  if (column) {
    column.querySelector(".task-board__cards").prepend(card)
    card.dataset.status = status
  }
  card.dataset.sent = ""
  focused?.focus()
  return move
}

function takeBack(move) {
  const place = move.before?.parentElement === move.from ? move.before : null
  move.from.insertBefore(move.card, place)
  move.card.dataset.status = move.status
  delete move.card.dataset.sent
}

function refuse(board, move, sentence) {
  const messages = document.querySelector(".flashes")
  const message = board.querySelector("template[data-refusal]").content.firstElementChild.cloneNode(true)
  message.querySelector(".flash__text > span").textContent = `${move.title} was not moved. ${sentence}`
  messages.classList.add("flashes--float")
  messages.replaceChildren(message)
}

function say(board, words) {
  board.querySelector("[data-says]").textContent = words
}

function sentenceIn(text) {
  try {
    return JSON.parse(text).detail || "That could not be done."
  } catch {
    return "That could not be done."
  }
}
