// Fills a hidden field with the browser's time zone. Without script the server's default holds and the account page changes it.
export function mount(input) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (zone) input.value = zone
}
