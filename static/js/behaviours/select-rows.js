// Counts the selected rows of a list, selects all of the page, and with Shift all between two. Without script each box is
// ticked by itself.
export function mount(form) {
  const all = form.querySelector("[data-select-all]")
  const count = form.querySelector("[data-select-count]")
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)]
  let last

  function show() {
    const chosen = boxes().filter((box) => box.checked).length
    count.textContent = chosen ? `${chosen} selected` : ""
    all.checked = chosen > 0 && chosen === boxes().length
    all.indeterminate = chosen > 0 && !all.checked
  }

  all.closest("[hidden]").hidden = false
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked
    show()
  })
  document.addEventListener("click", (event) => {
    const box = event.target
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || box.getAttribute("form") !== form.id) return
    const rows = boxes()
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((one, other) => one - other)
      for (const between of rows.slice(from, to + 1)) between.checked = box.checked
    }
    last = box
    show()
  })
  // Going back keeps what was ticked.
  window.addEventListener("pageshow", show)
  show()
}
