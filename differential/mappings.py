"""Random mappings of Segment's directives, nested in one another, among them some that Segment refuses."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from . import liquid
from .events import KEYS, MEMBERS, SCALARS

HEADS = ("properties", "traits", "context", "type", "event", "userId", "anonymousId", "timestamp", "nope")
LITERALS: tuple[Any, ...] = (
    *SCALARS, "plain", "{{ not a hole }}", "a{{b", "\\{{x}}", [], {}, [1, None], {"k": {"n": None}},
)  # fmt: skip
ODD_ARGUMENTS: tuple[Any, ...] = (
    None, "", " ", 0, 1, True, False, [], {}, ["x"], {"k": 1}, "lower", "UPPER", "Encode", "LEFT", "title", "$.type",
    {"@nope": 1}, {"k": {"@nope": 1}}, {"@path": "$.type"}, {"@path": None}, "more than ten", "a\x00b", "\ud800",
)  # fmt: skip
FRAMES = ("Viewed {{%s}}", "{{ %s }}-{{type}}", "{{{%s}}}!", "no holes", '"{{%s}}\\', "{ {{%s}} }", "%s")
LIQUID = (
    "{{ event | upcase }}", "{{ properties.nested.color | default: 'none' }}", "{{ userId | append: '!' }}",
    "{% if type == 'track' %}T{% else %}O{% endif %}", "{{ properties.plan | downcase | replace: 'x', 'y' }}",
    "plain", "{{ traits.email | split: '@' | first }}", "{% assign a = 5 %}{{ a | plus: 2 }}", "{{ type | size }}",
)  # fmt: skip


def mapping(random: Random) -> dict[str, Any]:
    """A mapping of one to four fields."""
    return {f"f{index}": part(random) for index in range(random.randint(1, 4))}


def part(random: Random, depth: int = 0) -> Any:
    """Any part of a mapping."""
    roll = random.random()
    if depth > 3 or roll < 0.3:
        return {"@path": path(random)}
    if roll < 0.4:
        return random.choice(LITERALS)
    if roll < 0.46:
        return {random.choice(KEYS): part(random, depth + 1) for _ in range(random.randrange(4))}
    if roll < 0.5:
        return [part(random, depth + 1) for _ in range(random.randrange(4))]
    directive = random.choice(_DIRECTIVES)(random, depth + 1)
    if random.random() < 0.06:
        directive = _damaged(random, directive, depth + 1)
    if random.random() < 0.03:
        directive["_metadata"] = {"label": "x"}
    return directive


def _damaged(random: Random, directive: dict[str, Any], depth: int) -> dict[str, Any]:
    """The directive with an argument that is missing, odd or one too many; Segment refuses most of these."""
    [(name, options)] = directive.items()
    odd = random.choice(ODD_ARGUMENTS) if random.random() < 0.8 else part(random, depth)
    if isinstance(options, dict) and options and random.random() < 0.8:
        key = random.choice(list(options))
        rest = {other: value for other, value in options.items() if other != key}
        options = rest if random.random() < 0.3 else {**options, random.choice((key, key, "extra", "@path")): odd}
    elif isinstance(options, list) and options and random.random() < 0.8:
        options = random.choice(([], [odd], [options[0], odd], [odd, *options[1:]]))
    else:
        options = odd
    directive = {name: options}
    return {**directive, random.choice(("k", "@path")): odd} if random.random() < 0.05 else directive


def path(random: Random) -> str:
    """A path: mostly one that leads somewhere, at times an odd one."""
    roll = random.random()
    if roll < 0.02:
        return random.choice(("", ".", "$.", "$", "$.$.type", "..", "a..b", "[0]", "properties[", "properties]"))
    steps = random.choice(HEADS)
    for _ in range(random.randrange(4)):
        key = random.choice(KEYS if random.random() < 0.97 else MEMBERS)
        steps += f"[{key}]" if key.isdigit() else f"['{key}']" if random.random() < 0.15 else f".{key}"
    return f"$.{steps}" if random.random() < 0.7 else steps


def item_path(random: Random) -> str:
    """A path within an item of a list."""
    return random.choice(("$.price", "price", "$.id", "color", "$.nested.color", "id.length", "$.", "0"))


def _if(random: Random, depth: int) -> dict[str, Any]:
    subject = part(random, depth)
    options: dict[str, Any] = {random.choice(("exists", "blank")): subject}
    if random.random() < 0.9:
        options["then"] = subject if random.random() < 0.4 else part(random, depth)
    if random.random() < 0.8:
        options["else"] = part(random, depth)
    return {"@if": options}


def _case(random: Random, depth: int) -> dict[str, Any]:
    return {"@case": {"operator": random.choice(("lower", "upper")), "value": part(random, depth)}}


def _replace(random: Random, depth: int) -> dict[str, Any]:
    pattern = random.choice(("o", ".", " ", "Order", "É", "$", "k"))
    options: dict[str, Any] = {"value": part(random, depth), "pattern": pattern}
    if random.random() < 0.8:
        options["replacement"] = random.choice(("", "_", "X", "$&", "$$", "$`", "$'", "$1"))
    if random.random() < 0.3:
        options["pattern2"] = random.choice(("X", "r", "-", ""))
        options["replacement2"] = random.choice(("", "R"))
    for switch in ("ignorecase", "global"):
        if random.random() < 0.4:
            options[switch] = random.random() < 0.5
    return {"@replace": options}


def _array_path(random: Random, depth: int) -> dict[str, Any]:
    root = path(random) if random.random() < 0.3 else random.choice(("$.properties.products", "properties.nested"))
    source: Any = root if random.random() < 0.8 else part(random, depth)
    if random.random() < 0.3:
        return {"@arrayPath": [source]}
    shape: Any = {"@path": item_path(random)}
    if random.random() < 0.8:
        shape = {"p": {"@path": item_path(random)}, "q": _over_item(random)}
    return {"@arrayPath": [source, shape]}


def _over_item(random: Random) -> Any:
    here = {"@path": item_path(random)}
    return random.choice((
        here,
        {"@template": "{{price}} of {{ id }}"},
        {"@if": {"exists": here, "then": here, "else": 1}},
        {"@arrayPath": ["nested", {"c": {"@path": "color"}}]},
        {"@transform": {"apply": {"x": here}, "mapping": {"y": {"@path": "$.x"}}}},
        "fixed",
    ))  # fmt: skip


def _merge(random: Random, depth: int) -> dict[str, Any]:
    objects = [
        {random.choice(KEYS): part(random, depth) for _ in range(random.randrange(3))}
        if random.random() < 0.4
        else {"@path": path(random)}
        for _ in range(random.randrange(4))
    ]
    return {"@merge": {"objects": objects, "direction": random.choice(("left", "right"))}}


def _flatten(random: Random, depth: int) -> dict[str, Any]:
    options: dict[str, Any] = {"value": part(random, depth), "separator": random.choice((".", "_", "-"))}
    if random.random() < 0.4:
        options["omitArrays"] = random.random() < 0.7
    return {"@flatten": options}


def _json(random: Random, depth: int) -> dict[str, Any]:
    return {"@json": {"mode": random.choice(("encode", "decode")), "value": part(random, depth)}}


def _transform(random: Random, depth: int) -> dict[str, Any]:
    apply: Any = {"t": part(random, depth), "u": part(random, depth)}
    if random.random() < 0.2:
        apply = {"@path": path(random)}
    steps = random.choice(("$.t", "$.u", "$.t.plan", "$.u.nested.color", "t[0]", "$.v", "$.", "plan"))
    mapping: Any = {"@path": steps}
    if random.random() < 0.4:
        mapping = {"a": {"@path": steps}, "b": {"@template": "{{t}}-{{ u.plan }}"}}
    return {"@transform": {"apply": apply, "mapping": mapping}}


def _template(random: Random, depth: int) -> dict[str, Any]:
    del depth
    placeholder = path(random).removeprefix("$.")
    return {"@template": random.choice(FRAMES).replace("%s", placeholder)}


_DIRECTIVES: tuple[Callable[[Random, int], dict[str, Any]], ...] = (
    _if, _if, _case, _replace, _array_path, _merge, _flatten, _json, _transform, _template, _template,
    lambda random, depth: {"@literal": part(random, depth)},
    lambda random, depth: {"@excludeWhenNull": part(random, depth)},
    lambda random, depth: {"@liquid": random.choice(LIQUID) if random.random() < 0.3 else liquid.template(random)},
)  # fmt: skip
