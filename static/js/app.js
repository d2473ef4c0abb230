// Mounts the behaviours that elements ask for with data-behaviour="name …", now and whenever the page grows.
// Every page works without any of them.
import * as autosubmit from "./behaviours/autosubmit.js"
import * as board from "./behaviours/board.js"
import * as calculator from "./behaviours/calculator.js"
import * as calendar from "./behaviours/calendar.js"
import * as clock from "./behaviours/clock.js"
import * as copy from "./behaviours/copy.js"
import * as dismiss from "./behaviours/dismiss.js"
import * as idle from "./behaviours/idle.js"
import * as lines from "./behaviours/lines.js"
import * as menu from "./behaviours/menu.js"
import * as quickAdd from "./behaviours/quick-add.js"
import * as reveal from "./behaviours/reveal.js"
import * as selectRows from "./behaviours/select-rows.js"
import * as singleKeys from "./behaviours/single-keys.js"
import * as sift from "./behaviours/sift.js"
import * as takeFocus from "./behaviours/take-focus.js"
import * as timeGrid from "./behaviours/time-grid.js"
import * as timer from "./behaviours/timer.js"
import * as timezone from "./behaviours/timezone.js"
import * as unsaved from "./behaviours/unsaved.js"
import { watchForms } from "./behaviours/busy.js"
import { floatMessages } from "./behaviours/floating.js"
import { watchKeys } from "./behaviours/keyboard.js"

const behaviours = {
  autosubmit,
  board,
  calculator,
  calendar,
  clock,
  copy,
  dismiss,
  idle,
  lines,
  menu,
  "quick-add": quickAdd,
  reveal,
  "select-rows": selectRows,
  "single-keys": singleKeys,
  sift,
  "take-focus": takeFocus,
  "time-grid": timeGrid,
  timer,
  timezone,
  unsaved,
}
const mounted = new WeakSet()

function mountAll(root) {
  const asking = root.querySelectorAll?.("[data-behaviour]") ?? []
  for (const element of root.matches?.("[data-behaviour]") ? [root, ...asking] : asking) {
    if (mounted.has(element)) continue
    mounted.add(element)
    for (const name of element.dataset.behaviour.split(" ")) behaviours[name]?.mount(element)
  }
}

watchForms(document)
floatMessages(document)
if (document.querySelector("template[data-dialog]")) watchKeys(document)
mountAll(document)
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) mountAll(node)
}).observe(document.documentElement, { childList: true, subtree: true })
