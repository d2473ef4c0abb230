// Opens what stands in a template of the page as a dialog. It is gone when it is closed, and the focus is back where it was.
export function openDialog(name) {
  const template = document.querySelector(`template[data-dialog="${name}"]`)
  if (!template || document.querySelector("dialog[open]")) return null
  const dialog = template.content.firstElementChild.cloneNode(true)
  // The root of the page is never put anew, the body is.
  document.documentElement.append(dialog)
  const before = document.activeElement
  dialog.addEventListener("close", () => {
    dialog.remove()
    if (before?.isConnected) before.focus({ preventScroll: true })
  })
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close()
  })
  dialog.showModal()
  return dialog
}
