// Opens a page with @segment/analytics-next and Segment's session plugin in Chromium, and prints the session's ID:
// `node browser_client.mjs SERVER WRITE_KEY`. The page has another origin than the server, as on a shop's site.
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const [server, writeKey] = process.argv.slice(2)
const here = new URL('.', import.meta.url)
const library = new URL('node_modules/@segment/analytics-next/dist/umd/', here)
const plugins = new URL('plugins/package/dist/web/', here)

const [plugin] = (await readdir(new URL('amplitude-plugins/', plugins))).filter((name) => name.endsWith('.js'))
const page = `<!doctype html><title>Shop</title><script src="/library/index.js"></script>
<script src="/plugins/amplitude-plugins/${plugin}"></script>`

const site = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://page').pathname
  try {
    if (path === '/') {
      response.setHeader('content-type', 'text/html')
      response.end(page)
    } else if (path.startsWith('/library/')) {
      response.end(await readFile(new URL(path.slice(9), library)))
    } else if (path.startsWith('/plugins/')) {
      response.end(await readFile(new URL(path.slice(9), plugins)))
    } else {
      response.statusCode = 404
      response.end()
    }
  } catch {
    response.statusCode = 404
    response.end()
  }
})
await new Promise((done) => site.listen(0, '127.0.0.1', done))
const origin = `http://127.0.0.1:${site.address().port}`

// Whether the server has all that the page sends: what a page that is left has sent, nobody else can say.
const accepted = async () => {
  const metrics = await (await fetch(`${server}/metrics`)).text()
  return metrics.includes('rulewright_received_events_total 4\n')
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
})
try {
  const tab = await browser.newPage()
  const strangers = []
  tab.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !url.startsWith(server)) {
      strangers.push(url)
    }
  })
  await tab.goto(`${origin}/`)
  const left = tab.waitForRequest((request) => request.postData()?.includes('"Left"') === true)
  const session = await tab.evaluate(
    async ([cdnURL, key]) => {
      const kinds = ['track', 'identify', 'group', 'page', 'alias']
      const subscribe = kinds.map((kind) => `type = "${kind}"`).join(' or ')
      const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL })
      const found = await window['amplitude-pluginsDestination']({
        subscriptions: [
          { id: '1', name: 'Session', enabled: true, partnerAction: 'sessionId', subscribe, mapping: {} },
        ],
      })
      await analytics.register(...found)
      await analytics.identify('browser-user', { plan: 'pro' })
      await analytics.track('Shown', { color: 'red' })
      await analytics.page('Home')
      // A page that is left sends what it has by a beacon or a request that outlives it.
      analytics.track('Left')
      return localStorage.getItem('analytics_session_id')
    },
    [server, writeKey],
  )
  await left
  await tab.goto('about:blank')
  while (!(await accepted())) {
    await new Promise((done) => setTimeout(done, 100))
  }
  if (strangers.length > 0) {
    throw new Error(`the page asked others: ${strangers.join(' ')}`)
  }
  console.log(session)
} finally {
  await browser.close()
  site.close()
}
