// Sends the form of a select as soon as another choice is made. Without script its button does the same.
export function mount(control) {
  control.addEventListener("change", () => control.form.requestSubmit())
}
