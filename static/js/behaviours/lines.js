// Keeps a field of lines as high as its text, so that what stands beside a line stays beside it. Without script, and in
// browsers that size fields themselves, it is as high as it was drawn.
export function mount(field) {
  const least = field.rows
  const fit = () => { field.rows = Math.max(least, field.value.split("\n").length + 1) }

  field.addEventListener("input", fit)
  fit()
}
