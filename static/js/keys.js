// The keys that do something, as keys.json lists them for the script and the guide alike; and whether this browser wants
// single keys at all (some people speak to their machine, or touch keys by accident).
const WANTED = "single-keys"
let listed

export async function allKeys() {
  listed ??= fetch(new URL("./keys.json", import.meta.url)).then((answer) => answer.json())
  return (await listed).flatMap((group) => group.keys)
}

export function areWanted() {
  try {
    return localStorage.getItem(WANTED) !== "off"
  } catch {
    return true
  }
}

export function want(areWanted) {
  try {
    if (areWanted) localStorage.removeItem(WANTED)
    else localStorage.setItem(WANTED, "off")
  } catch {
    // A browser that keeps nothing has them on.
  }
}

// Pages stand under the address that the scripts are served from: /static/…/js/keys.js.
export function addressOf(page) {
  return new URL(import.meta.url).pathname.replace(/\/static\/.*$/, "") + page
}
