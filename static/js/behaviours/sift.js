// Leaves of a long page only what holds the words that are typed. Hidden without script: the browser finds words, too.
export function mount(field) {
  const input = field.querySelector("input")
  const told = field.querySelector("[data-sift-told]")
  const lines = [...document.querySelectorAll("[data-sift]")]
  const groups = [...document.querySelectorAll("[data-sift-group]")]

  function sift() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
    for (const line of lines) {
      const text = line.textContent.toLowerCase()
      line.hidden = !words.every((word) => text.includes(word))
    }
    for (const group of groups) {
      group.hidden = words.length > 0 && !group.querySelector("[data-sift]:not([hidden])")
      const link = group.id && document.querySelector(`a[href="#${group.id}"]`)
      if (link) link.parentElement.hidden = group.hidden
    }
    const left = lines.filter((line) => !line.hidden).length
    told.textContent = !words.length ? "" : left === 1 ? "1 line" : `${left} lines`
  }

  field.hidden = false
  input.addEventListener("input", sift)
  sift()
}
