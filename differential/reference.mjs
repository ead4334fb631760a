// Answers for Segment: one JSON line in, one JSON line out, with what Segment's own code makes of it.
//
//   {"trigger": "type = \"track\"", "events": [{…}, …]}   → {"matches": [true, …]}, null where its code throws
//   {"mapping": {…}, "events": [{…}, …]}                  → {"outputs": [{"value": …} or {"error": "…"}, …]}
//   {"subscriptions": [{…}, …], "settings": {…}, "events": [{…}, …]}
//     → {"results": [{"name of a subscription": {"payload": {…}, "requests" or "error": …}}, …]}
import { createRequire } from 'node:module'
import readline from 'node:readline'

const require = createRequire(import.meta.url)
const { parseFql, validate } = require('@segment/destination-subscriptions')
const { Destination, transform } = require('@segment/actions-core')
const { default: amplitude } = require('@segment/action-destinations/dist/destinations/amplitude')

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

// The destination with each request written down instead of sent.
let requests = []
const destination = new Destination(amplitude)
for (const action of Object.values(destination.actions)) {
  action.performRequest = (perform, data) => perform((url, options) => requests.push(plain(url, options)), data)
}

function plain(url, { json, body }) {
  return json ? { url, json } : { url, form: Object.fromEntries(body) }
}

async function send(subscription, settings, event) {
  requests = []
  const payload = map(subscription.mapping, event).value ?? null
  try {
    await destination.executeAction(subscription.partnerAction, { ...structuredClone(subscription), event, settings })
    return { payload, requests }
  } catch (error) {
    return { payload, error: String(error?.message ?? error) }
  }
}

async function destinationOf(subscriptions, settings, event) {
  const results = {}
  for (const subscription of subscriptions) {
    const isOurs = subscription.partnerAction in destination.actions
    if (isOurs && match(parseFql(subscription.subscribe), event)) {
      results[subscription.name] = await send(subscription, settings, structuredClone(event))
    }
  }
  return results
}

async function answer({ trigger, mapping, subscriptions, settings, events }) {
  if (subscriptions !== undefined) {
    const results = []
    for (const event of events) {
      results.push(await destinationOf(subscriptions, settings, event))
    }
    return { results }
  }
  if (trigger === undefined) {
    return { outputs: events.map((event) => map(mapping, event)) }
  }
  return { unread: Boolean(parseFql(trigger).error), matches: events.map((event) => match(parseFql(trigger), event)) }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`)
}
