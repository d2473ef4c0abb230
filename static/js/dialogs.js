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
  fillIn(dialog)
  dialog.showModal()
  return dialog
}

// A template is the same for everybody: what belongs to this person and page stands in the form #act.
function fillIn(dialog) {
  const given = document.querySelector("#act").elements
  for (const field of dialog.querySelectorAll("input[type=hidden]")) field.value = given[field.name]?.value ?? ""
  for (const field of dialog.querySelectorAll("[name=request_key]")) field.value = randomKey()
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}
