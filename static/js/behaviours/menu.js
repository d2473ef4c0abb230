// Closes an open details menu on Escape, on a press outside of it, and when the focus moves on.
export function mount(menu) {
  const outside = (event) => { if (!menu.contains(event.target)) menu.open = false }

  menu.addEventListener("toggle", () => {
    if (menu.open) document.addEventListener("pointerdown", outside)
    else document.removeEventListener("pointerdown", outside)
  })
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return
    menu.open = false
    menu.querySelector("summary").focus()
  })
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false
  })
}
