// Writes directives.jsonl: what Segment's mapping-kit answers for the directives that functions stand for.
// Run once on Node 20 where @segment/actions-core 3.170.0 is installed: `node directives.mjs > directives.jsonl`.
import { createRequire } from 'node:module'
import path from 'node:path'
const require = createRequire(path.join(process.cwd(), 'x.js'))
const { transform } = require(path.resolve('node_modules/@segment/actions-core/dist/cjs/mapping-kit'))

const odd = [
  undefined, null, true, false, 0, 5, -2.5, 1e21, 1e-7, '', ' ', 'a', 'Straße ÅÉ ΟΔΟΣ İı ǅ', 'a.b (c) [d] $e ^f\\g|h', '12,50', '😀x',
  [], [''], [[]], [null], [0], [1, [2, { a: null }]], {}, { a: 1, b: null, c: { d: null, e: { f: null } } },
  { a: { b: { c: 1, d: [1, { e: 2 }] } }, 10: 1, 9: { z: 1, 1: 2 }, x: {}, y: [] }, { '': { '': 1, k: 2 }, 'a.b': 3, a: { b: 4 } },
  { a: [], b: [[], {}], c: [null] },
]
const path_ = { '@path': '$.v' }
const answer = (directive, event) => {
  try {
    const out = transform({ out: directive }, event)
    return 'out' in out ? { value: out.out } : { missing: true }
  } catch (error) {
    return { error: error.message }
  }
}
const event = (v) => (v === undefined ? {} : { v })
const rows = []
const add = (name, args, directive, v) => rows.push({ name, event: event(v), args, ...answer(directive, event(v)) })

for (const v of odd) {
  add('lowercase', [], { '@case': { operator: 'lower', value: path_ } }, v)
  add('uppercase', [], { '@case': { operator: 'upper', value: path_ } }, v)
  add('json_encode', [], { '@json': { mode: 'encode', value: path_ } }, v)
  add('compact', [], { '@excludeWhenNull': path_ }, v)
  add('blank', [], { '@if': { blank: path_, then: 'no', else: 'yes' } }, v)
  add('exists', [], { '@if': { exists: path_, then: 'yes', else: 'no' } }, v)
  for (const omitArrays of [false, true])
    for (const separator of ['.', '__'])
      add('flatten', [separator, omitArrays], { '@flatten': { value: path_, separator, omitArrays } }, v)
}

const texts = [
  'null', 'true', ' 5 ', '5.0', '-0', '1e3', '01', '.5', '5.', '+5', 'NaN', 'Infinity', '"a"', '"\\u00e9"', "'a'", '"\\x"',
  '{"a":1,"a":2}', '{"a":[1,2,{"b":null}]}', '{"a":1,}', '[1,]', '[', '', ' ', '\ufeff1', '\u00a01', '"tab\there"', '// x', '{a:1}',
  '"\\ud83d\\ude00"', 'undefined', '[]', '{}', 'nul', '0x10', '1_000', '1 2', '"a" ',
]
for (const v of [...texts, ...odd]) add('json_decode', [], { '@json': { mode: 'decode', value: path_ } }, v)

const replacements = [
  ['a', 'X'], ['A', 'X'], ['.', '_'], [' ', ''], ['$', '$$'], ['b', '[$&]'], ['b', "$`$'"], ['a', '$1$0$<'], ['ß', 'x'],
  ['é', 'E'], ['ı', 'x'], ['i', 'x'], ['s', 'x'], ['ſ', 'x'], ['k', 'x'], ['K', 'x'], ['σ', 'x'], ['ς', 'x'], ['ǆ', 'x'], ['ss', 'x'],
  ['[d]', ''], ['\\', '/'], ['|', ''], ['aa', 'b'], ['-', '\\'], ['2', ''], ['e', ''], ['😀', ''], ['\n', ' '], ['a', '$$$$'], ['a', '$'],
]
const replaced = [
  ...odd.slice(0, 18), 'aaaa', 'AbaB', 'ÉéEe', 'ſsSK kK', 'σςΣ', 'ǅǆǄ', 'ßSSss', 'ıiIİ', 'a-b\nc|d', '😀a😀', 'constructor',
]
for (const v of replaced)
  for (const [pattern, replacement] of replacements)
    for (const [ignorecase, global] of [[false, true], [true, true], [true, false], [false, false]]) {
      const row = [pattern, replacement, ignorecase, global]
      const result = answer({ '@replace': { value: path_, pattern, replacement, ignorecase, global } }, event(v))
      const dull = typeof v === 'string' && result.value === v
      if (!dull && (typeof v === 'string' || pattern === 'a' || '2.e'.includes(pattern))) rows.push({ name: 'replace', event: event(v), args: row, ...result })
    }

// Half a surrogate pair is no text that could be sent on, so the functions give another (docs of `units`).
for (const one of odd.filter((v) => v !== '😀x'))
  for (const other of [undefined, null, 'hi', [7], { a: { z: 1 }, b: null, 0: 'zero' }]) {
    const objects = [{ '@path': '$.v' }, { '@path': '$.w' }]
    const both = { ...event(one), ...(other === undefined ? {} : { w: other }) }
    rows.push({ name: 'merge', event: both, args: [], ...answer({ '@merge': { objects, direction: 'right' } }, both) })
  }
process.stdout.write(rows.map((row) => JSON.stringify(row)).join('\n') + '\n')
