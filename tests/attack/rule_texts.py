"""Random rule texts: pieces of the language put together, and rule files that ship, damaged."""

from __future__ import annotations

import re
from random import Random

from tests.paths import ROOT

_PATHS = (
    "a", "a.b", "properties.total", "$", "$.type", "context.device.id", "p", "p.x", 'properties."odd key"', "a[0]",
    "event", "timestamp", "context.app.version", "traits.age", "userId", "properties",
)  # fmt: skip
_LITERALS = ("1", "-0", '""', '"x"', "'y'", "true", "null", "omit", '"{{ a }}"', ".5", "12.5", '"2024-01-01"', '"Pro"')
_BAD_LITERALS = ("1e400", '"\\ud83d"', '"{{"', '"', "0x1", "[0]")
_PIECES: tuple[str, ...] = (*_PATHS, *_BAD_LITERALS, *"()[]{}=,:.!+-*/\n")
_CALLS = (
    "lowercase", "coalesce", "if", "default", "number", "contains", "match", "length", "first", "replace", "liquid",
    "concat", "keys", "merge", "json_encode", "nope", "format_time", "join", "split", "exists", "typeof",
)  # fmt: skip
_ACTIONS = ("logEvent", "logEventV2", "logPurchase", "identifyUser", "mapUser", "groupIdentifyUser", "nope")
_FIELDS = ("city", "price", "products", "user_properties", "event_properties", "groups", "time", "nope", "event_type")
_ODD = (
    "\0", "\x1b[2J", "\u202e", "\ud800", "\ufeff", "\u2028", "\r", "\t", "é", "中", "\\", "#", '"', "'", "{{", "}}",
    "\n::error::",
)  # fmt: skip
_FILES = (
    "part.rules", "first.rules", "plan.json", "/dev/zero", "/etc/passwd", ".env", "..", "", "a\\u0000b", "gone.rules",
)  # fmt: skip
SHIPPED = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").rglob("*.rules"))]
SHIPPED.append((ROOT / "examples" / "shop.rules").read_text(encoding="utf-8"))
CASES = [
    part
    for path in sorted((ROOT / "tests" / "diagnostics").rglob("*.txt"))
    for part in re.split(r"(?m)^-- .*\n|^={40}\n", path.read_text(encoding="utf-8"))
    if part.startswith("destination")
]
_OPERAND = re.compile(
    r"""(?<![\w.$"'])(?:"[^"\n]*"|\$?[A-Za-z_]\w*(?:\.\w+)+|[a-z]\w*Id|event|name|type|timestamp)(?![\w(.])"""
)
"""A path or a text of a rule file, and now and then a word of the language."""


def expression(random: Random, depth: int) -> str:
    """An expression, most often one that checks."""
    if depth <= 0 or random.random() < 0.2:
        return random.choice(_PATHS if random.random() < 0.7 else _LITERALS)
    width = random.choice((1, 2, 3, 3, 3, 40)) if depth < 3 else random.choice((1, 2, 3))
    parts = [expression(random, depth - 1) for _ in range(max(width, 3))]
    some = parts[:width]
    placeholders = "".join(f"x {{{{ {path} }}}}" for path in random.choices(_PATHS[:4], k=width))
    return random.choice((
        f"{random.choice(_CALLS)}({', '.join(some)})",
        f"{random.choice(_CALLS)}({', '.join(some)})",
        f"if({', '.join(parts[:3])})",
        f"[{', '.join(some)}]",
        f"{{ {', '.join(f'k{number}: {part}' for number, part in enumerate(some))} }}",
        f"[{parts[0]} for p in {parts[1]}{random.choice(('', f' if {parts[2]}'))}]",
        f"({parts[0]} {random.choice(('=', '!=', '<', 'in', '+', '*', 'and', 'or'))} {parts[1]})",
        f"{random.choice(('!', '-'))}({parts[0]})",
        f'"{placeholders}"',
        f"({parts[0]}).b",
    ))  # fmt: skip


def nested(random: Random) -> str:
    """An expression that is deep in one way, or wide."""
    around = random.choice((
        "lowercase(…)", "if(a, …, b)", "if(…, a, b)", "coalesce(…, a)", "coalesce(a, …)", "[…]", "{ k: … }", "!(…)",
        "[… for p in a]", "(a + …)", "(a and (b or …))", "(…).x", "first(…)", "-(…)", '"{{ … }}"', "default(…, b)",
    ))  # fmt: skip
    count = random.choice((10, 49, 95, 99, 100, 101, 300))
    before, after = around.split("…")
    deep = before * count + random.choice(_PATHS) + after * count
    wide = random.choice((
        f"coalesce({', '.join(['a'] * count)})", ".".join("a" * count), " + ".join("a" * count), "a" * count,
        '"' + "{{ a }}" * count + '"', f"a in [{', '.join(map(repr, range(count)))}]", "1" * count, "a" + "[0]" * count,
        " or ".join(f'a = "{number}"' for number in range(count)), "(" * count + "a" + ")" * count, "[" * count,
    ))  # fmt: skip
    return random.choice((deep, wide))


def item(random: Random) -> str:
    """One item of a file."""
    name = random.choice(("A", "B", "C", f"M{random.randrange(99)}", random.choice(_ODD)))
    value = nested(random) if random.random() < 0.15 else expression(random, random.randrange(5))
    trigger = random.choice(('type = "track"', 'type in ["track", "page"]', value, expression(random, 2), "true"))
    match random.randrange(12):
        case 0:
            return f"drop when {trigger}\n"
        case 1:
            return f"{random.choice(('keep', 'drop'))} {', '.join(random.choices(_PATHS, k=2))}\n"
        case 2:
            return f'include "{random.choice(_FILES)}"\n'
        case 3:
            return f'source schema "{random.choice(_FILES)}"\n'
        case 4:
            given = random.choice(('{ "type": "track" }', f'"{random.choice(_FILES)}" line {random.randrange(3)}'))
            return f'test "t{random.randrange(9)}" {{ given {given} expect "{name}" {{ city = {value} }} }}\n'
        case 5:
            return f"settings {{ endpoint = {random.choice(_LITERALS)} }}\n"
        case _:
            fields = "\n".join(f"  {random.choice(_FIELDS)} = {value}" for _ in range(random.randrange(3)))
            defaults = random.choice(("  use defaults\n", ""))
            return f'mapping "{name}" -> {random.choice(_ACTIONS)} {{\n  when {trigger}\n{defaults}{fields}\n}}\n'


_TAKES_ANYTHING = (
    "event_properties = { it: VALUE }",
    "products = [{ price: VALUE } for p in a]",
    "groups = { g: VALUE }",
)


def clean_text(random: Random) -> str:
    """A rule file that most often has no error: one mapping with all kinds of values."""
    values = [nested(random) if random.random() < 0.3 else expression(random, random.randrange(6)) for _ in range(3)]
    trigger = f'type = "track" and ({values[0]} = 1 or {values[1]})' if random.random() < 0.5 else 'type = "page"'
    field = random.choice(_TAKES_ANYTHING).replace("VALUE", values[2])
    filters = random.choice(("", f"drop when {values[1]}\n", "keep a, properties.total\n"))
    return f"""destination amplitude
{filters}mapping "A" -> logEvent {{
  when {trigger}
  use defaults
  user_properties = omit
  {field}
}}
"""


def rule_text(random: Random) -> str:
    """A rule file."""
    kind = random.random()
    if kind < 0.4:
        return clean_text(random)
    if kind < 0.7:
        return with_other_operands(random, random.choice(random.choice((SHIPPED, CASES))))
    if kind < 0.8:
        text = random.choice(random.choice((SHIPPED, CASES)))
    else:
        text = "destination amplitude\n" + "\n".join(item(random) for _ in range(random.choice((1, 2, 5, 30))))
    for _ in range(random.choice((0, 0, 1, 3, 10))):
        text = damaged(random, text)
    return text


def with_other_operands(random: Random, text: str) -> str:
    """The text with some of its paths and texts replaced by other expressions."""
    found = list(_OPERAND.finditer(text))
    chosen = random.sample(found, min(len(found), random.choice((1, 1, 1, 2, 5))))
    for match in sorted(chosen, key=re.Match.start, reverse=True):
        text = text[: match.start()] + expression(random, random.choice((0, 0, 1, 2))) + text[match.end() :]
    return text


def damaged(random: Random, text: str) -> str:
    """The text with a piece taken out, put in, doubled or moved."""
    start: int = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice((1, 2, 10, 100, 1000)))
    piece = text[start:end]
    match random.randrange(5):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:start] + random.choice(_ODD) * random.choice((1, 1, 3, 200)) + text[start:]
        case 2:
            return text[:end] + piece * random.choice((1, 5, 50)) + text[end:]
        case 3:
            return text[:start] + random.choice(_PIECES) + text[end:]
        case _:
            at = random.randrange(len(text) + 1)
            return text[:at] + piece + text[at:]
