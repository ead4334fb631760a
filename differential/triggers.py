"""Random triggers: those that Segment reads correctly, those with all that FQL has, and words in any order."""

from __future__ import annotations

from random import Random

PATHS = (
    "type", "event", "name", "userId", "properties.plan", "properties.total", "traits.email", "traits.plan",
    "context.nested.color", "properties.a\\ b", "properties.nested.plan",
)  # fmt: skip
ODD_PATHS = (
    "properties", "traits", "context", "groupId", "anonymousId", "event.length", "type.x", "properties\\.",
    "properties.\\[", "properties.\\]", "properties.a\\.b", "properties.products", "propertiesx.plan", "$",
)  # fmt: skip
WORDS = (
    *PATHS[:6], *ODD_PATHS, "true", "false", "null", '"track"', "'track'", '"x*"', '"*"', "5", "-1", "1.", "+",
    "=", "!=", "<", "<=", ">=", "!", "and", "or", "OR", "(", ")", "()", 'contains(event, "x")',
    'contains(properties, "x")', 'contains(properties.\\], "x")', 'match(event, "x*")', "match(userId, 5)", "match(",
    ",", ".", "[", "]", "[0]", "in", "exists", "is_true", "number_equals", "length(event)", "\\", '"', "&",
)  # fmt: skip
TEXTS = ("track", "page", "Order Completed", "x", "X", "5", "a-b-c", "", "Cart: Item", "ÅÉ ΟΔΟΣ ß")
PATTERNS = ('"a*c"', '"Order"', "'O*'", '"?"', '"*"', '"[a-x]*"')
NUMBERS = ("0", "1", "5", "1.5", "-1", "0.1")


def trigger(random: Random) -> str:
    """The text of a trigger."""
    roll = random.random()
    return _plain(random) if roll < 0.4 else _any(random, 0) if roll < 0.8 else _words(random)


def _words(random: Random) -> str:
    """Words in any order; most are not a trigger, and the port of Segment's parser reads each as Segment does."""
    blank = " " if random.random() < 0.8 else ""
    return blank.join(random.choice(WORDS) for _ in range(random.randint(0, 7)))


def _plain(random: Random) -> str:
    """One word throughout, and at most one level of parentheses with the other word in it."""
    word, other = random.choice((("and", "or"), ("or", "and")))
    parts = []
    for _ in range(random.randint(1, 3)):
        if random.random() < 0.3:
            inner = f" {other} ".join(_comparison(random) for _ in range(2))
            parts.append(f"({inner})")
        else:
            parts.append(_atom(random))
    return f" {word} ".join(parts)


def _atom(random: Random) -> str:
    """A test that Segment reads as documented."""
    if random.random() < 0.6:
        return _comparison(random)
    path = random.choice(PATHS[1:])
    sign = "!" if random.random() < 0.4 else ""
    if random.random() < 0.5:
        return f'{sign}contains({path}, "{random.choice(TEXTS)}")'
    text = random.choice(("Order", "x", "a-", "5", "Cart: "))
    pattern = f"{text}*" if random.random() < 0.5 else f"*{text}"
    return f'{sign}match({path}, "{pattern}")'


def _comparison(random: Random) -> str:
    path = random.choice(PATHS)
    if path in ("type", "event"):
        return f"{path} {random.choice(('=', '!='))} {_text(random)}"
    roll = random.random()
    if roll < 0.4 or path in ("name", "userId"):
        return f"{path} {random.choice(('=', '!='))} {random.choice(('null', _text(random)))}"
    if roll < 0.5:
        return f"{path} = {random.choice(('true', 'false'))}"
    return f"{path} {random.choice(('=', '!=', '<', '<=', '>', '>='))} {random.choice(NUMBERS)}"


def _text(random: Random) -> str:
    return f'"{random.choice(TEXTS)}"'


def _any(random: Random, depth: int) -> str:
    """A trigger of the whole language."""
    roll = random.random()
    if depth > 2 or roll < 0.35:
        return _any_atom(random)
    if roll < 0.7:
        word = random.choice(("and", "or", "and", "or", "OR", "AND"))
        return f"{_any(random, depth + 1)} {word} {_any(random, depth + 1)}"
    inner = _any(random, depth + 1)
    return f"!({inner})" if roll < 0.8 else f"({inner})"


def _any_atom(random: Random) -> str:
    path, other = (random.choice(PATHS if random.random() < 0.8 else ODD_PATHS) for _ in range(2))
    text = random.choice((_text(random), f"'{random.choice(TEXTS)}'"))
    value = random.choice((text, text, random.choice(NUMBERS), "null", "true", "false"))
    return random.choice((
        _atom(random),
        f"{path} {random.choice(('=', '!=', '<', '>='))} {value}",
        f"{path} in [{text}, {value}]",
        f"{text} in {path}",
        f"match({path}, {random.choice(PATTERNS)})",
        f"!contains({path}, {text})",
        f"length({path}) > 2",
        f"lowercase({path}) = {text}",
        f"typeof({path}) = \"string\"",
        f"{path} = bare",
        path,
        f"!{path}",
        f"{path} {random.choice(('=', '!=', '<'))} {other}",
        f"contains({path}, {other})",
        f"{value} = {path}",
        value,
    ))  # fmt: skip
