// Shows a password while its button is pressed in. The button is hidden where there is no script.
export function mount(frame) {
  const input = frame.querySelector("input")
  const button = frame.querySelector("button")

  button.hidden = false
  button.addEventListener("click", () => {
    const shown = input.type === "text"
    input.type = shown ? "password" : "text"
    button.setAttribute("aria-pressed", String(!shown))
    input.focus()
  })
  // What is sent must be a password again, or the browser offers to remember it as plain text.
  input.form?.addEventListener("submit", () => { input.type = "password" })
}
