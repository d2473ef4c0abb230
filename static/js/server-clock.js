// What time it is on the server, whatever the clock of this machine says. Each answer of the server narrows down how far the
// two are apart: between when it was asked and when it had answered. Whoever sleeps or is throttled loses nothing by that.
const SECOND_MS = 1000
let offset = null

// said: what the server's clock showed, in whole seconds; asked, answered: this machine's, around it.
export function learn(said, answered, asked = -Infinity) {
  if (!Number.isFinite(said)) return
  const least = said - answered, most = said + SECOND_MS - asked
  offset = offset === null ? least : Math.min(Math.max(offset, least), most)
}

export function serverNow() {
  return Date.now() + (offset ?? 0)
}
