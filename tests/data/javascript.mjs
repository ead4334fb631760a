// Writes javascript.json: what Node answers for the conversions that runtime/javascript.py repeats.
// Run once on Node 20, `node javascript.mjs > javascript.json`; values that JSON cannot hold stand as {"$": "NaN"}.
const numbers = [
  0, -0, 1, -1, 5.0, 0.1 + 0.2, 0.1, 1.5, -2.25, 100, 123456789, 1e15, 1e16, 123456789012345680000, 1e20, 1e21, 1.5e21,
  -1e21, 1e22, 1e100, 1.7976931348623157e308, 5e-324, 2.2250738585072014e-308, 1e-5, 1e-6, 1.5e-6, 1e-7, 1.25e-7,
  -1e-7, 0.000001234, 123e-20, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 2 ** 64, 4294967295, 0.5, 1 / 3, 2 / 3,
  99.99, 129.9, 1e23, 9.5e-7, 4.35, 1000000000000000128, NaN, Infinity, -Infinity,
]
const texts = [
  '', ' ', '\t\n', '5', ' 5 ', '5.0', '-5', '+5', '--5', '5.', '.5', '.', '-.5', '1e3', '1E3', '1e+3', '1e-3', '1e', 'e3',
  '1_000', '1,000', '12,50', '0x1F', '0X1f', '-0x1f', '0x', '0b101', '0o17', '0b2', 'Infinity', '-Infinity', '+Infinity',
  'infinity', 'inf', 'NaN', 'nan', '-0', '00012', '1n', 'true', 'null', '\u00a05\ufeff', '\u00855', '\u001c5', '1 2', '٣',
  '1e400', '-1e400', '1e-400', '9007199254740993', '123456789012345678901234567890', '0.1', '5e-324', '\u180e5', '１',
  '0x20000000000001',
]
const values = [
  null, true, false, 0, -0, 5, NaN, '', ' ', '0', 'a', [], [[]], [[[]], []], [''], [' '], [null], [[null]], [0], [false],
  [1, 2], [1, [2, [3, null]], []], [[], [1, 2]], ['a', { b: 1 }], [true, 'x', 1e21], {}, { a: 1 },
]
const written = [
  null, true, 0, -0, 5.0, 1e21, 1e-7, NaN, Infinity, 123456789012345680000, '', 'é', '😀', '\ud83d', 'a\udc00b',
  '"\\/\b\f\n\r\t\u0000\u001f\u007f\u2028', '</script>', [], {}, [[], {}], [null, NaN, 'x'],
  { b: 1, a: { d: [1, { c: null }] } }, { 10: 'ten', b: 1, 9: 'nine', '01': 'text', '-1': 'minus', 4294967294: 'last',
  4294967295: 'beyond', '': 0, '1.5': 1, 'é"': 1 }, { '\ud800': '\udfff\ud800' },
]
const lengths = ['', 'abc', 'é', 'ア', '😀', 'a😀b', 'e\u0301', '\ud83d', '👨‍👩‍👧']

// Entries, not an object, because the order of keys is part of what is asked.
const held = (value) => {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $: String(value) }
  if (Object.is(value, -0)) return { $: '-0' }
  if (Array.isArray(value)) return value.map(held)
  if (value && typeof value === 'object') return { entries: Object.entries(value).map(([key, item]) => [key, held(item)]) }
  return value
}

const table = (inputs, answer) => inputs.map((input) => [held(input), held(answer(input))])
process.stdout.write(
  JSON.stringify(
    {
      number_text: table(numbers, String),
      text_to_number: table(texts, Number),
      text: table(values, String),
      template_text: table(values, (value) => String(value ?? '')),
      equals_empty_text: table(values, (value) => value != null && value == ''),
      json_text: table(written, (value) => JSON.stringify(value)),
      unit_count: table(lengths, (text) => text.length),
      trim: table([' a ', '\u00a0a\ufeff', '\u0085a\u001c', '\u2028\u3000a\v\f', '\u180ea', ''], (t) => t.trim()),
    },
  ).replace(/\],\[/g, '],\n[') + '\n',
)
