// The line of the calculator: a repair is filled in where it is pressed, the arrow up brings back what was typed before, and
// names are completed. What the line comes to is asked for by htmx. Without script a press of the button does it all.
const MOST_OFFERED = 8
// Where a word ends that could be a name; one letter is too little to guess from.
const WORD = /[\p{L}_][\p{L}\p{N}_]+$/u

export function mount(form) {
  const input = form.querySelector("input[name=expression]")
  const list = form.querySelector("[data-words]")
  const answer = form.querySelector("#answer")
  const words = [...list.children]
  let place = -1, mine = ""

  input.setAttribute("role", "combobox")
  input.setAttribute("aria-autocomplete", "list")
  input.setAttribute("aria-controls", list.id)
  input.setAttribute("aria-expanded", "false")

  function write(text) {
    input.value = text
    input.setSelectionRange(text.length, text.length)
    input.dispatchEvent(new Event("input", { bubbles: true }))
  }

  // --- what was typed before ----------------------------------------------------------------------------------------------

  function walk(step) {
    const typed = [...document.querySelectorAll("[data-typed]")].map((line) => line.dataset.typed)
    const next = Math.min(place + step, typed.length - 1)
    if (next < -1 || next === place) return
    if (place === -1) mine = input.value
    place = next
    write(place === -1 ? mine : typed[place])
    close()
  }

  // --- names --------------------------------------------------------------------------------------------------------------

  const offered = () => words.filter((word) => !word.hidden)
  const chosen = () => words.find((word) => word.ariaSelected === "true")
  const begun = () => input.value.slice(0, input.selectionStart).match(WORD)?.[0] ?? ""

  function offer() {
    const beginning = begun().toLowerCase()
    let left = beginning && input.selectionStart === input.selectionEnd ? MOST_OFFERED : 0
    for (const word of words) {
      const name = word.dataset.name.toLowerCase()
      word.hidden = !left || name === beginning || !name.startsWith(beginning)
      if (!word.hidden) left -= 1
    }
    choose(null)
    list.hidden = !offered().length
    input.setAttribute("aria-expanded", String(!list.hidden))
  }

  function close() {
    list.hidden = true
    choose(null)
    input.setAttribute("aria-expanded", "false")
  }

  function choose(word) {
    for (const one of words) one.ariaSelected = String(one === word)
    word?.scrollIntoView({ block: "nearest" })
    if (word) input.setAttribute("aria-activedescendant", word.id)
    else input.removeAttribute("aria-activedescendant")
  }

  function complete(word) {
    const end = input.selectionStart
    const text = word.dataset.insert
    input.setRangeText(text, end - begun().length, end, "end")
    input.dispatchEvent(new Event("input", { bubbles: true }))
    close()
    input.focus()
  }

  // --- no answer came -----------------------------------------------------------------------------------------------------

  // The answer to another line must not stay under this one.
  function say(words) {
    const line = document.createElement("p")
    line.className = "calculator__idle"
    line.textContent = words
    answer.replaceChildren(line)
  }

  answer.addEventListener("htmx:after:request", (event) => {
    const { response } = event.detail.ctx
    if (response && response.status >= 400) say("This could not be worked out now. Press Keep to try again.")
  })
  answer.addEventListener("htmx:error", (event) => {
    if (event.detail.error?.name !== "AbortError") say("No answer: nothing could be sent. Are you connected?")
  })

  // ------------------------------------------------------------------------------------------------------------------------

  input.addEventListener("input", (event) => {
    // Not what was filled in by one of these keys.
    if (event.isTrusted) {
      place = -1
      offer()
    }
  })
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const open = list.hidden ? [] : offered()
    const at = open.indexOf(chosen())
    if (event.key === "ArrowDown" && open.length) choose(open[(at + 1) % open.length])
    else if (event.key === "ArrowUp" && at >= 0) choose(open[at - 1] ?? null)
    else if (event.key === "ArrowUp") walk(1)
    else if (event.key === "ArrowDown" && place >= 0) walk(-1)
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) complete(open[at])
    else if (event.key === "Escape" && open.length) close()
    else return
    event.preventDefault()
  })
  input.addEventListener("blur", close)
  // Before the field loses the focus.
  list.addEventListener("pointerdown", (event) => event.preventDefault())
  list.addEventListener("click", (event) => {
    const word = event.target.closest("[role=option]")
    if (word) complete(word)
  })
  form.addEventListener("click", (event) => {
    const repair = event.target.closest("button[name=repair]")
    if (!repair) return
    event.preventDefault()
    write(repair.value)
    input.focus()
  })
}
