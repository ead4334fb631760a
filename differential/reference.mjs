// Answers for Segment: one JSON line in, one JSON line out, with what Segment's own code makes of it.
//
//   {"trigger": "type = \"track\"", "events": [{…}, …]}   → {"matches": [true, …]}, null where its code throws
//   {"mapping": {…}, "events": [{…}, …]}                  → {"outputs": [{"value": …} or {"error": "…"}, …]}
import { createRequire } from 'node:module'
import readline from 'node:readline'

const require = createRequire(import.meta.url)
const { parseFql, validate } = require('@segment/destination-subscriptions')
const { transform } = require('@segment/actions-core')

function match(tree, event) {
  try {
    return validate(tree, event)
  } catch {
    return null
  }
}

function map(mapping, event) {
  try {
    // Segment writes defaults into the directives of a mapping, so each event gets a copy of its own.
    return { value: transform(structuredClone(mapping), event) }
  } catch (error) {
    return { error: String(error?.message ?? error) }
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { trigger, mapping, events } = JSON.parse(line)
  const answer =
    trigger === undefined
      ? { outputs: events.map((event) => map(mapping, event)) }
      : { unread: Boolean(parseFql(trigger).error), matches: events.map((event) => match(parseFql(trigger), event)) }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
