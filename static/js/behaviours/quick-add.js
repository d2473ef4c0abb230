// Shows below the line what is understood of it, while it is typed. Enter adds what has been shown; what came too fast to be
// shown is shown first. Without script the page that follows does the same.
const PAUSE_MS = 150
// What is longer is not asked about in an address: the page that follows shows it.
const LONGEST_ASKED = 2500

export function mount(form) {
  const input = form.querySelector("textarea")
  const shown = form.querySelector("[data-quick-read]")
  let pause, asking

  async function read() {
    clearTimeout(pause)
    asking?.abort()
    const asked = encodeURIComponent(input.value)
    if (!input.value.trim() || asked.length > LONGEST_ASKED) return shown.replaceChildren()
    asking = new AbortController()
    try {
      const address = `${form.action}?text=${asked}`
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal })
      // Signed out meanwhile, or something is broken: sending the form says which.
      if (answer.redirected || (!answer.ok && answer.status !== 422)) return shown.replaceChildren()
      shown.innerHTML = await answer.text()
    } catch (error) {
      if (error.name !== "AbortError") shown.replaceChildren()
    }
  }

  const isShown = () => shown.querySelector("[name=seen]")?.value === input.value

  async function send() {
    if (!isShown()) {
      await read()
      if (isShown() && shown.querySelector("[data-understood]")) return
    }
    form.requestSubmit()
  }

  input.addEventListener("input", () => {
    clearTimeout(pause)
    pause = setTimeout(read, PAUSE_MS)
  })
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    if (input.value.trim()) send()
  })
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button")
    if (!button) return
    if (button.name === "literal" && isShown()) {
      event.preventDefault()
      const place = Number(button.dataset.place)
      input.value = `${input.value.slice(0, place)}\\${input.value.slice(place)}`
      input.focus()
      read()
    } else if (button.type === "submit" && input.value.trim() && !isShown()) {
      event.preventDefault()
      send()
    }
  })
}
