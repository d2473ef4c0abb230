// Tasks can be dragged to another day. A drop fills in and sends the form below the calendar, at once to the eye; what
// the server refuses goes back to where it was, and a message says why. Without script the form does it all.
import { makeDraggable, refusalIn, refuse, say } from "../dragging.js"

export function mount(calendar) {
  let dropped = null

  makeDraggable(calendar, {
    item: ".calendar-task",
    placeAt: (event, task) => {
      const day = event.target.closest?.(".calendar__day")
      return day && !day.contains(task) ? day : null
    },
    drop: (task, day) => {
      const form = calendar.querySelector("form.calendar__move")
      // One at a time: the form is one.
      if (form.dataset.inFlight !== undefined) return
      dropped = { task, day, title: task.querySelector(".calendar-task__title").textContent.trim(), from: task.parentElement, before: task.nextElementSibling }
      form.elements.task.value = task.dataset.task
      form.elements.day.value = day.dataset.day
      listIn(day).prepend(task)
      form.requestSubmit()
    },
  })

  calendar.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail
    if (!dropped || !ctx.sourceElement.matches(".calendar__move")) return
    // Who cannot be told by the form itself is told in a sentence, not by a page.
    ctx.request.headers.Accept = "application/json"
    ctx.move = dropped
    dropped = null
  })
  calendar.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail
    const refusal = ctx.move && refusalIn(ctx)
    if (!refusal) return
    event.preventDefault()
    takeBack(ctx.move)
    refuse(calendar, `${ctx.move.title} was not moved. ${refusal}`)
  })
  calendar.addEventListener("htmx:error", (event) => {
    const { ctx } = event.detail
    if (!ctx?.move) return
    takeBack(ctx.move)
    refuse(calendar, `${ctx.move.title} was not moved: nothing could be sent. Are you connected?`)
  })
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail
    if (ctx?.move && ctx.response.status < 400 && calendar.isConnected) say(calendar, `${ctx.move.title} is now due on ${ctx.move.day.dataset.words}.`)
  })
}

function listIn(day) {
  let list = day.querySelector(".calendar__tasks")
  if (!list) {
    list = document.createElement("ul")
    list.className = "calendar__tasks"
    day.querySelector(".calendar__date").after(list)
  }
  delete day.dataset.empty
  return list
}

function takeBack(move) {
  move.from.insertBefore(move.task, move.before?.parentElement === move.from ? move.before : null)
}
