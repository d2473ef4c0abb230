// Has the browser ask before the page of a form is left with something in it that was typed and not sent. What came back
// unsaved says so by data-unsaved. Without script the browser keeps no watch.
export function mount(form) {
  let isSent = false

  const isTyped = (field) => field.value !== field.defaultValue
  const isUnsaved = () => "unsaved" in form.dataset || [...form.querySelectorAll("input, textarea")].some(isTyped)

  form.addEventListener("submit", () => { isSent = true })
  addEventListener("beforeunload", (event) => {
    if (form.isConnected && !isSent && isUnsaved()) event.preventDefault()
  })
}
