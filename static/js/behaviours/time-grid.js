// Moves between the cells of a week as in a spreadsheet: arrows, Enter and Shift+Enter; Escape takes back what was typed
// into a cell, Ctrl+Enter saves. Without script it is one form, and Tab moves.
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] }

export function mount(form) {
  // What was typed and not saved is not lost by a slip: the browser asks.
  let isSent = false
  const isChanged = () => cellsOf(form).flat().some((cell) => cell && cell.value !== cell.defaultValue)

  form.addEventListener("focusin", (event) => {
    if (isCell(event.target)) event.target.select()
  })
  form.addEventListener("keydown", (event) => {
    const cell = event.target
    if (event.key === "Enter" && cell.name === "add") {
      event.preventDefault()
      form.requestSubmit(form.querySelector("button[value=row]"))
      return
    }
    if (!isCell(cell) || event.isComposing) return
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit(form.querySelector("button[value=save]"))
    } else if (event.key === "Escape") {
      cell.value = cell.defaultValue
      cell.select()
    } else if (STEPS[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey && mayLeave(cell, event)) {
      const [down, across] = STEPS[event.key]
      const isBack = event.key === "Enter" && event.shiftKey
      const next = neighbour(cellsOf(form), cell, isBack ? -down : down, across)
      // Enter never sends a half-filled week: at the last row it stays.
      if (next || event.key === "Enter") event.preventDefault()
      next?.focus()
    }
  })
  form.addEventListener("submit", () => {
    isSent = true
  })
  // Gone back to, it may be changed again.
  window.addEventListener("pageshow", () => {
    isSent = false
  })
  window.addEventListener("beforeunload", (event) => {
    if (form.isConnected && !isSent && isChanged()) event.preventDefault()
  })
}

function isCell(element) {
  return element.matches?.(".timesheet__cell")
}

function cellsOf(form) {
  return [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td[data-day]")].map((place) => place.querySelector(".timesheet__cell")))
}

// An arrow moves inside what is typed first; from its edge, or with all of it selected, it leaves the cell.
function mayLeave(cell, event) {
  if (event.shiftKey && event.key !== "Enter") return false
  if (!event.key.startsWith("Arrow") || event.key === "ArrowUp" || event.key === "ArrowDown") return true
  const { selectionStart: start, selectionEnd: end, value } = cell
  if (start === 0 && end === value.length) return true
  if (start !== end) return false
  const isAtStart = start === 0
  const isLeft = (event.key === "ArrowLeft") === (getComputedStyle(cell).direction === "ltr")
  return isLeft ? isAtStart : end === value.length
}

function neighbour(rows, cell, down, across) {
  let row = rows.findIndex((cells) => cells.includes(cell))
  let column = rows[row].indexOf(cell)
  const isRightToLeft = getComputedStyle(cell).direction === "rtl"
  do {
    row += down
    column += isRightToLeft ? -across : across
    if (rows[row]?.[column]) return rows[row][column]
  } while (row >= 0 && row < rows.length && column >= 0 && column < rows[row].length)
  return null
}
