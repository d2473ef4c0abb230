// Cards can be dragged to another column. A drop presses the card's own button for that column, at once to the eye; what
// the server refuses goes back to where it was, and a message says why. Without script the buttons do it all.
import { makeDraggable, refusalIn, refuse, say } from "../dragging.js"

const inFlight = new Set()

export function mount(board) {
  makeDraggable(board, {
    item: ".task-card",
    placeAt: columnAt,
    drop: (card, column) => {
      const button = card.querySelector(`button[value="${column.dataset.status}"]`)
      button.form.requestSubmit(button)
    },
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
    const refusal = refusalIn(ctx)
    if (refusal) {
      event.preventDefault()
      takeBack(ctx.move)
      refuse(board, `${ctx.move.title} was not moved. ${refusal}`)
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
    refuse(board, `${ctx.move.title} was not moved: nothing could be sent. Are you connected?`)
  })
  // Said once the server has agreed; on the document, for the card may have been drawn anew.
  document.addEventListener("htmx:after:swap", (event) => {
    const move = event.detail.ctx?.move
    if (move && board.isConnected) say(board, `${move.title} is now in ${move.column.dataset.label}.`)
  })
}

function columnAt(event, card) {
  const column = event.target.closest?.(".task-board__column")
  return column && column.dataset.status !== card.dataset.status ? column : null
}

function moveAhead(board, card, status) {
  const column = board.querySelector(`.task-board__column[data-status="${status}"]`)
  const title = card.querySelector(".task-card__title").textContent.trim()
  const move = { card, column, title, from: card.parentElement, before: card.nextElementSibling, status: card.dataset.status }
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
