// Lets a message be closed. Without script it leaves with the next page.
export function mount(message) {
  message.querySelector("[data-dismiss]").addEventListener("click", () => message.remove())
}
