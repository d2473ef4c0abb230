// Copies the text of data-copy-text and says so. The button is hidden where there is no script: text can be selected.
const SAID_FOR_MS = 2000

export function mount(button) {
  const word = button.querySelector("[data-copy-word]") ?? button
  const usual = word.textContent

  button.hidden = false
  word.setAttribute("aria-live", "polite")
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copyText)
      word.textContent = "Copied"
    } catch {
      word.textContent = "Select the text and copy it by hand"
    }
    setTimeout(() => { word.textContent = usual }, SAID_FOR_MS)
  })
}
