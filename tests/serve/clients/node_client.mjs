// Sends one event of each kind with @segment/analytics-node: `node node_client.mjs HOST WRITE_KEY`.
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ writeKey, host, flushAt: 3, flushInterval: 100 })
const failures = []
analytics.on('error', (error) => failures.push(error))

const userId = 'node-user'
analytics.identify({ userId, traits: { plan: 'pro' } })
analytics.track({ userId, event: 'Shown', properties: { color: 'red' } })
analytics.track({
  userId,
  event: 'Order Completed',
  properties: { revenue: 20, products: [{ product_id: 'p-1', price: 10, quantity: 2 }] },
})
analytics.page({ userId, name: 'Home', properties: { path: '/' } })
analytics.screen({ userId, name: 'Start' })
analytics.group({ userId, groupId: 'team-1', traits: { name: 'Team' } })
analytics.alias({ userId, previousId: 'old-user' })
await analytics.closeAndFlush({ timeout: 20_000 })
if (failures.length > 0) {
  console.error(failures)
  process.exit(1)
}
