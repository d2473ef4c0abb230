// Moves the focus to a summary of what was wrong, so that it is the first thing read.
export function mount(element) {
  element.focus()
}
