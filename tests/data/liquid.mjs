// Writes liquid.jsonl: what Segment's @liquid answers for templates on one event.
// Run once on Node 20, in UTC, where @segment/actions-core 3.170.0 is installed: `TZ=UTC node liquid.mjs > liquid.jsonl`.
import { createRequire } from 'node:module'
import path from 'node:path'
const require = createRequire(path.join(process.cwd(), 'x.js'))
const { evaluateLiquid } = require(path.resolve('node_modules/@segment/actions-core/dist/cjs/mapping-kit/liquid-directive'))

const event = {
  type: 'track', event: 'Order Completed', name: null, nought: '', yes: true, no: false, zero: 0, n: 129.9, neg: -2.5, big: 1e21,
  small: 1e-7, whole: 5, text: '  Straße, <b>bold</b> & "quoted" it\'s  ', numeric: '12.5', list: ['b', 'a', null, 1.5, ['x', 'y'], 'a'],
  none: [], object: { k: 'v', 2: 1, nested: { deep: [1, 2, { x: true }] } }, time: '2024-05-01T12:34:56.789Z', day: '2024-12-31',
  epoch: 1714566896, epochText: '1714566896', smile: 'a😀b', cjk: '日本 語 한글 two words, ok', two: 2, url: 'a b&c=d/é?', lines: 'one\ntwo\r\nthree', csv: 'a,b,,c,,',
  products: [{ sku: 's1', price: 10, q: 2 }, { sku: 's2', price: '5.5', q: 1, on: false }, { sku: 's3', on: true }],
}
const values = Object.keys(event)
const filters = [
  'abs', 'append: "!"', 'at_least: 3', 'at_most: 3', 'base64_encode', 'capitalize', 'ceil', 'cgi_escape', 'compact', 'default: "d"',
  'divided_by: 3', 'divided_by: 0', 'divided_by: 4, true', 'downcase', 'escape', 'escape_once', 'first', 'floor', 'inspect', 'join', 'join: "-"',
  'json', 'jsonify', 'last', 'lstrip', 'minus: 0.1', 'modulo: 3', 'modulo: -3', 'normalize_whitespace', 'number_of_words', 'number_of_words: "cjk"', 'number_of_words: "auto"', 'plus: 0.2', 'plus: "1"', 'pop', 'prepend: "> "',
  'push: "z"', 'raw', 'remove: "a"', 'remove_first: "a"', 'remove_last: "a"', 'replace: "a", "-"', 'replace_first: "a", "-"', 'replace: "", "-"',
  'replace_last: "a", "-"', 'round', 'round: 1', 'round: 2', 'rstrip', 'sha256', 'shift', 'size', 'slice: 1', 'slice: 1, 3', 'slice: -3, 2', 'slugify', 'slugify: "ascii"',
  'slugify: "pretty"', 'slugify: "raw"', 'slugify: "none"', 'split: ","', 'split: ""', 'split: "," | join: "|"', 'squish', 'strip', 'strip: " "', 'strip_html', 'strip_newlines', 'sum', 'times: 3', 'to_integer', 'truncate: 5',
  'truncate: 3, ""', 'truncate', 'truncatewords: 1', 'truncatewords: 2, "…"', 'unshift: 1', 'upcase', 'uri_escape', 'url_encode',
  'url_encode | url_decode', 'xml_escape', 'hmac_sha256: "key"', 'unknown_filter', 'date: "%Y-%m-%d"', 'default: "d", allow_false: true',
  'where: "k"', 'size | plus: 1', 'append', 'date_to_string', 'date_to_xmlschema',
]
const containers = ['text', 'list', 'none', 'object', 'nought', 'whole', 'yes', 'name', 'time', 'object.nested.deep', 'products', 'list[4]', 'cjk']
const members = ['[0]', '[1]', '[-1]', '[99]', '["0"]', '["1"]', '["01"]', '[2]', '["2"]', '[two]', '[whole]', '[n]', '["k"]', '.0', '.2', '.size', '.length', '["length"]',
  '.first', '.last', '.k', '.first.sku', '.0.sku', '.constructor', '.toString', '[none]', '[yes]', '[name]']
const templates = [
  '', 'plain', '{{ event }}', '{{event}}', '{{- event -}} x', ' {{ event }} ', '{{ missing }}', '{{ missing.deep }}', '{{ name.deep }}', '{{ object.k }}',
  '{{ object["k"] }}', '{{ object.nested.deep[1] }}', '{{ object.nested.deep[2].x }}', '{{ object.nested.deep.size }}', '{{ list.first }}', '{{ list.last }}',
  '{{ list[1] }}', '{{ list[-1] }}', '{{ list[99] }}', '{{ event.size }}', '{{ object.size }}', '{{ nought }}', '{{ list[whole] }}', '{{ "lit" }}', "{{ 'lit' }}", '{{ 5 }}',
  '{{ 5.0 }}', '{{ -1.50 }}', '{{ true }}', '{{ nil }}', '{{ (1..3) }}', '{{ now }}', '{{ today }}',
  '{% if yes %}a{% endif %}', '{% if no %}a{% else %}b{% endif %}', '{% if name %}a{% elsif nought %}b{% else %}c{% endif %}', '{% if zero %}a{% endif %}',
  '{% if missing %}a{% else %}b{% endif %}', '{% if n > 100 %}a{% endif %}', '{% if n >= 129.9 and whole < 6 %}a{% endif %}', '{% if no or yes and no %}a{% else %}b{% endif %}',
  '{% if event == "Order Completed" %}a{% endif %}', '{% if event != "x" %}a{% endif %}', '{% if event contains "Order" %}a{% endif %}',
  '{% if list contains "a" %}a{% endif %}', '{% if list contains "q" %}a{% else %}b{% endif %}', '{% if name == nil %}a{% endif %}', '{% if missing == nil %}a{% endif %}',
  '{% if none == empty %}a{% endif %}', '{% if event == blank %}a{% else %}b{% endif %}', '{% if none.size == 0 %}a{% endif %}', '{% if yes == true %}a{% endif %}',
  '{% if whole == 5.0 %}a{% endif %}', '{% if whole == "5" %}a{% else %}b{% endif %}', '{% if missing > 1 %}a{% else %}b{% endif %}', '{% if name > 1 %}a{% else %}b{% endif %}', '{% unless yes %}a{% else %}b{% endunless %}',
  '{% unless no %}a{% endunless %}', '{% assign x = event %}{{ x }}', '{% assign x = n | plus: 0.1 %}{{ x }}{{ x }}', '{% assign x = "a,b" | split: "," %}{{ x[1] }}{{ x.size }}',
  '{% capture x %}[{{ event }}]{% endcapture %}{{ x }}{{ x | size }}', '{% increment c %}{% increment c %}{{ c }}', '{% decrement c %}{% decrement c %}',
  '{% cycle "a", "b" %}{% cycle "a", "b" %}{% cycle "a", "b" %}', '{% comment %}x{% endcomment %}z', '{% raw %}{{ event }}{% endraw %}', '{% echo event | upcase %}', '{% # a remark %}x', '{% liquid assign a = 1\necho a %}',
  'a{% if yes -%}  b  {%- endif %}c', '{{ products | where: "on" | size }}', '{{ products | where: "on", false | size }}', '{{ products | where: "sku", "s2" | json }}',
  '{{ products | sum: "price" }}', '{{ products | sum: "q" }}', '{{ products[0].sku }}', '{{ products.first.sku }}-{{ products.last.sku }}',
  '{{ event | append: " " | append: n }}', '{{ n | times: 100 | round }}', '{{ event | split: " " | first }}', '{{ event | replace: " ", "_" | downcase }}',
  '{{ numeric | plus: 0.5 }}', '{{ numeric | times: numeric }}', '{{ "a" | append: missing }}', '{{ missing | default: event }}', '{{ no | default: "d" }}', '{{ no | default: "d", allow_false: true }}',
  '{{ time | date }}', '{{ epoch | date: "%s" }}', '{{ epochText | date: "%H:%M" }}', '{{ time | date: "%A %a %B %b %h %C %d %e %H %I %j %k %l %L %m %M %N %3N %p %P %q %s %S %u %w %U %W %y %Y %% %t%n" }}',
  '{{ day | date: "%j %U %W %u %w" }}', '{{ time | date: "%z %:z %Z" }}', '{{ time | date: "%c|%x|%X" }}', '{{ time | date: "%-d %_d %05d %^a %#p %^B %-H %-e %10Y" }}', '{{ time | date: "%Q %" }}',
  '{{ time | date: "%H %z", 120 }}', '{{ time | date: "%H %z", "America/New_York" }}', '{{ time | date_to_rfc822 }}', '{{ time | date_to_long_string }}', '{{ time | date_to_string: "ordinal" }}',
  '{{ time | date_to_long_string: "ordinal", "US" }}', '{{ "not a time" | date: "%Y" }}', '{{ "2024-05-01" | date: "%Y-%m-%dT%H" }}', '{{ "aGk=" | base64_decode }}', '{{ "%zz" | url_decode }}', '{{ "&lt;p&gt; & \'" | escape_once }}',
  '{{ "<script>x</script>y<!-- c -->z<b" | strip_html }}', '{{ "xxhixx" | strip: "x" }}', '{{ "xxhixx" | lstrip: "x" }}{{ "xxhixx" | rstrip: "x" }}',
  '{% for p in products %}x{% endfor %}', '{% case event %}{% when "x" %}{% endcase %}', '{% include "x" %}', '{% render "x" %}', '{% layout "x" %}', '{% tablerow p in products %}{% endtablerow %}',
  '{{ list | sort }}', '{{ list | map: "x" }}', '{{ list | reverse }}', '{{ list | uniq }}', '{{ list | concat: list }}', '{{ lines | newline_to_br }}', '{{ list | find: "x" }}', '{{ list | has: "x" }}', '{{ list | group_by: "x" }}', '{{ list | type }}',
  '{{ smile.size }}', '{{ 9007199254740991 | round }}', '{{ 0.49999999999999994 | round }}', '{{ 2.5 | round }}/{{ -2.5 | round }}/{{ 3.5 | round }}/{{ 1.005 | round: 2 }}', '{{ 1250 | round: -2 }}',
  '{{ text | truncate: 5, missing }}', '{{ text | truncate: 5, name.deep }}', '{% if name.deep == missing %}a{% else %}b{% endif %}{% if name.deep == name %}a{% else %}b{% endif %}',
  '{% if missing.deep == missing %}a{% endif %}{% if name.size == nil %}a{% endif %}{% if name.deep.deeper %}a{% else %}b{% endif %}', '{{ text | truncatewords: 1, missing }}', '{{ text | truncate: missing }}', '{{ csv | join: missing }}',
  '{{ csv | split: "," | join: missing }}', '{{ products | where: "on", missing | size }}', '{{ text | slice: 2, missing }}', '{{ n | round: missing }}', '{{ time | date: missing }}',
  '{{ event | replace_last: "", "-" }}', '{{ event | replace_last: missing, "-" }}', '{{ missing | replace_last: missing, "-" }}', '{{ event | remove_last: "" }}',
  '{% assign x = nought | first %}{{ x.size }}', '{% assign x = nought | last %}{{ x.size }}', '{% assign x = none | last %}{{ x.size }}',
  '{% if not yes %}a{% else %}b{% endif %}', '{% unless not missing %}a{% else %}b{% endunless %}', '{% if not n > 100 and yes %}a{% else %}b{% endif %}',
  '{% if not no and not n < 100 or name %}a{% else %}b{% endif %}', '{% if yes and not no or missing %}a{% else %}b{% endif %}', '{% if not not yes %}a{% endif %}',
  '{% if not list contains "a" %}a{% else %}b{% endif %}', '{% if no %}a{% elsif not name %}b{% endif %}', '{{ object | json: 2 }}', '{{ products | jsonify: 1 }}', '{{ list | json: "--" }}',
  '{{ text | json: 2 }}', '{{ none | json: 4 }}', '{{ object | inspect: 20 }}', '{{ object | json: missing }}', '{{ object | json: -1 }}',
  '{% capture c %}  {% endcapture %}[{{ c | size }}]', 'a{% if yes %}  {% endif %}b', '{% unless no %}\n{% endunless %}x', 'a{% if no %}b{% else %} {% endif %}c',
  'a{% if yes %} {% assign x = 1 %} {% endif %}b{{ x }}',
  '{% if yes %}', '{% nonsense %}', '{{ event', '{% ifchanged %}a{% endifchanged %}', '{{ event | date: }}', 'x'.repeat(1000), 'x'.repeat(1001), '{{ "a" | | upcase }}',
]
// Left out: halves of a surrogate pair, and what V8 alone takes for a date.
const odd = (filter, value) =>
  (value === 'smile' && filter.includes('""')) || (filter.startsWith('date') && ['yes', 'no', 'numeric'].includes(value))
for (const filter of filters) for (const value of values) if (!odd(filter, value)) templates.push(`{{ ${value} | ${filter} }}`)
const operands = ['event', 'name', 'nought', 'yes', 'no', 'zero', 'n', 'numeric', 'list', 'none', 'object', 'missing', 'nil', 'empty', 'blank', '"a"', '" "', '5']
const operators = ['==', '!=', '<', '>', '<=', '>=', 'contains']
for (const left of operands)
  for (const right of operands)
    templates.push(operators.map((operator) => `{% if ${left} ${operator} ${right} %}1{% else %}0{% endif %}`).join(''))
for (const container of containers) for (const member of members) templates.push(`{{ ${container}${member} }}`)
for (const template of templates) {
  let row
  try {
    row = { template, output: evaluateLiquid(template, structuredClone(event)) }
  } catch (error) {
    row = { template, error: error.message }
  }
  process.stdout.write(JSON.stringify(row) + '\n')
}
process.stdout.write(JSON.stringify({ event }) + '\n')
