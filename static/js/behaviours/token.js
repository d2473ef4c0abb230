// Gives every request of htmx the token against forged forms; a plain form carries its own.
export function sendToken(root) {
  root.addEventListener("htmx:config:request", (event) => {
    const token = root.querySelector('meta[name="csrf-token"]')
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token.content
  })
}
