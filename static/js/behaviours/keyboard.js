// Does what the keys of keys.json say, on every page. Nothing fires while somebody types or chooses, has a dialog open, or
// holds another key down. Whatever a key does can be done without it.
import { addressOf, allKeys, areWanted } from "../keys.js"
import { openDialog } from "../dialogs.js"
import { openPalette } from "../palette.js"

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]:not([contenteditable=false])"
// How long a first key waits for its second.
const WAIT_MS = 1500
// Held down, these go on.
const REPEATING = new Set(["next", "previous"])

export function watchKeys(root) {
  let known, first = "", waiting
  // What is pressed before the list of keys has come is done in turn once it has.
  const ready = allKeys().then((keys) => { known = keys }, () => { known = [] })

  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || isBusy(event.target)) return
    const isHeld = event.ctrlKey || event.metaKey
    const isPalette = isHeld && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k"
    const isSingle = !isHeld && !event.altKey && !isCapital(event) && event.key.length === 1 && areWanted()
    if (isPalette) event.preventDefault()
    if (!isPalette && !isSingle) return
    const answer = isPalette ? () => openPalette(act) : () => press(event)
    if (known) answer()
    else ready.then(() => { if (!isBusy(document.activeElement)) answer() })
  })

  function press(event) {
    clearTimeout(waiting)
    // Caps Lock is no key that is held.
    const letter = event.key.toLowerCase()
    const pressed = first ? `${first} ${letter}` : letter
    const key = known.find((one) => one.key === pressed)
    first = ""
    if (key && (!event.repeat || REPEATING.has(key.act))) {
      event.preventDefault()
      act(key)
    } else if (!key && known.some((one) => one.key.startsWith(`${pressed} `))) {
      first = pressed
      waiting = setTimeout(() => { first = "" }, WAIT_MS)
    }
  }
}

// A mark like ? may need Shift, a letter does not.
function isCapital(event) {
  return event.shiftKey && event.key.toLowerCase() !== event.key.toUpperCase()
}

function isBusy(target) {
  return Boolean(target.closest?.(TYPING) || target.isContentEditable || document.querySelector("dialog[open]"))
}

const acts = {
  add: () => openDialog("quick-add")?.querySelector("textarea").focus(),
  search: () => {
    const field = document.querySelector("#search")
    if (field?.checkVisibility()) field.focus()
    else location.assign(addressOf("/search"))
  },
  calculate: () => {
    const field = document.querySelector("#expression")
    if (field) field.focus()
    else location.assign(addressOf("/calculations#expression"))
  },
  help: openHelp,
  palette: () => openPalette(act),
  undo: () => [...document.querySelectorAll(".flash form")].at(-1)?.requestSubmit(),
  next: () => move(1),
  previous: () => move(-1),
  select: () => current()?.querySelector("input[type=checkbox]")?.click(),
  done: finish,
  timer: startOrStop,
}

function act(key) {
  if (key.act) acts[key.act]?.()
  else location.assign(addressOf(key.go))
}

// --- tasks ---------------------------------------------------------------------------------------------------------------

function current() {
  return document.activeElement?.closest("[data-task]")
}

// The task in focus; on the page of one task, that one.
function taskInHand() {
  return current()?.dataset.task ?? document.querySelector("[data-page-task]")?.dataset.pageTask
}

function move(step) {
  const tasks = [...document.querySelectorAll("[data-task]")].filter((task) => task.checkVisibility())
  if (!tasks.length) return
  const place = tasks.indexOf(current())
  const task = place < 0 ? tasks.at(step > 0 ? 0 : -1) : tasks[Math.min(tasks.length - 1, Math.max(0, place + step))]
  focusTask(task)
}

function focusTask(task) {
  task.querySelector("a[href]").focus({ preventScroll: true, focusVisible: true })
  task.scrollIntoView({ block: "nearest" })
}

function finish() {
  const rows = [...document.querySelectorAll("[data-task]")]
  const place = rows.indexOf(current())
  const ids = place < 0 ? [] : [...rows.slice(place), ...rows.slice(0, place).reverse()].map((row) => row.dataset.task)
  // Where what is done is not shown, the next one takes its place.
  document.addEventListener("htmx:after:swap", () => setTimeout(() => {
    if (document.activeElement !== document.body) return
    const id = ids.find((one) => document.querySelector(`[data-task="${one}"]`))
    if (id) focusTask(document.querySelector(`[data-task="${id}"]`))
  }), { once: true })
  send(taskInHand(), "status", { name: "status", value: "done" })
}

function startOrStop() {
  const running = document.querySelector(".app__timer form[action$='/timer/stop']")
  const task = taskInHand()
  if (!task) (running ?? document.querySelector(".app__timer form"))?.requestSubmit()
  else if (running?.getAttribute("action").endsWith(`/${task}/timer/stop`)) running.requestSubmit()
  else send(task, "timer/start")
}

// As a button of the task's row would: by the one form of the page.
function send(task, action, { name = "", value = "" } = {}) {
  const form = document.querySelector("#act")
  if (!task || !form) return
  const button = document.createElement("button")
  Object.assign(button, { hidden: true, name, value, type: "submit" })
  button.setAttribute("formaction", `${form.getAttribute("action")}/${task}/${action}`)
  form.append(button)
  form.requestSubmit(button)
  setTimeout(() => button.remove())
}

// --- the list of keys ----------------------------------------------------------------------------------------------------

// As the guide shows it.
async function openHelp() {
  const dialog = openDialog("keys")
  if (!dialog) return
  const help = addressOf("/help")
  try {
    const page = new DOMParser().parseFromString(await (await fetch(help)).text(), "text/html")
    dialog.querySelector("[data-keys]").replaceChildren(...page.querySelector("[data-keyboard-map]").children)
  } catch {
    location.assign(`${help}#keyboard`)
  }
}
