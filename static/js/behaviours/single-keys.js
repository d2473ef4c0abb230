// Lets a person turn single keys off, in this browser. Hidden where there is no script, and so no keys.
import { areWanted, want } from "../keys.js"

export function mount(line) {
  const box = line.querySelector("input")

  line.hidden = false
  box.checked = areWanted()
  box.addEventListener("change", () => want(box.checked))
}
