// A message that arrives with an answer put in place floats: the page under the finger must not move.
// On a page that is loaded it stands at the top, where it was before anything was read.
const READ_WITHIN_MS = 8000
const leaving = new WeakMap()

export function floatMessages(root) {
  let stoodAtTheTop = false

  root.addEventListener("htmx:before:swap", () => {
    const messages = root.querySelector(".flashes")
    stoodAtTheTop = Boolean(messages?.children.length) && !messages.classList.contains("flashes--float")
  })
  root.addEventListener("htmx:after:swap", () => {
    const messages = root.querySelector(".flashes")
    messages?.classList.toggle("flashes--float", messages.children.length > 0 && !stoodAtTheTop)
    for (const message of root.querySelectorAll(".flashes--float > .flash")) leave(message)
  })
}

// What can be pressed, or says that something is wrong, stays until it is closed.
function leave(message) {
  if (message.querySelector("form") || message.getAttribute("role") === "alert") return
  clearTimeout(leaving.get(message))
  leaving.set(message, setTimeout(() => {
    if (message.matches(":hover, :focus-within")) leave(message)
    else if (message.closest(".flashes--float")) message.remove()
  }, READ_WITHIN_MS))
}
