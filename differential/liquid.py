"""Random Liquid templates with the tags and filters that Segment allows.

Dates are not among them, because V8 takes almost any text for one; the templates in tests/data/liquid.mjs have dates.
"""

from __future__ import annotations

from random import Random

HEADS = ("event", "userId", "properties", "traits", "context", "type", "nope")
STEPS = (
    ".plan", ".email", ".nested", ".nested.color", ".products", ".price", ".0", ".1", ".size", ".length", ".first",
    ".last", "[0]", "[1]", "[-1]", "[9]", "['0']", "['plan']", "['a b']", "[type]", "[properties.total]",
)  # fmt: skip
LITERALS = ("'x'", "''", "' '", "','", "5", "-1.5", "0", "true", "false")
FILTERS = (
    "abs", "append: {0}", "at_least: {0}", "at_most: {0}", "capitalize", "ceil", "compact", "default: {0}",
    "default: {0}, allow_false: true", "divided_by: {0}", "downcase", "escape", "escape_once", "first", "floor", "join",
    "join: {0}", "last", "lstrip", "minus: {0}", "modulo: 3", "normalize_whitespace", "number_of_words",
    "number_of_words: 'auto'", "plus: {0}", "pop", "prepend: {0}", "push: {0}", "remove: {0}", "remove_first: {0}",
    "replace: {0}, {1}", "replace_first: {0}, {1}", "replace_last: {0}, {1}", "round", "round: 1", "rstrip", "shift",
    "size", "slice: 1", "slice: -2, 2", "slugify", "split: {0}", "split: {0} | join: {1}", "squish", "strip",
    "strip_html", "strip_newlines", "times: {0}", "truncate: 5", "truncate: 4, {0}", "truncatewords: 1, {0}",
    "unshift: {0}", "upcase", "where: 'price'", "where: 'price', {0}", "sum: 'price'",
)  # fmt: skip
OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "contains")
FRAMES = (
    "{{{{ {0} }}}}",
    "{{{{ {0} }}}}",
    "a {{{{- {0} -}}}} b",
    "{{% if {1} %}}T{{% elsif {2} %}}E{{% else %}}F{{% endif %}}",
    "{{% unless {1} %}} U {{% endunless %}}",
    "{{% assign v = {0} %}}{{{{ v }}}}/{{{{ v.size }}}}/{{{{ v[0] }}}}",
    "{{% capture v %}}[{{{{ {0} }}}}]{{% endcapture %}}{{{{ v | size }}}}",
    "{{% echo {0} %}}",
)


def template(random: Random) -> str:
    """The text of a template, shorter than Segment's limit."""
    frame = random.choice(FRAMES)
    return frame.format(_filtered(random), _condition(random), _condition(random))


def _value(random: Random) -> str:
    if random.random() < 0.2:
        return random.choice(LITERALS)
    return random.choice(HEADS) + "".join(random.choice(STEPS) for _ in range(random.randrange(3)))


def _filtered(random: Random) -> str:
    filters = [random.choice(FILTERS).format(_value(random), _value(random)) for _ in range(random.randrange(4))]
    return " | ".join((_value(random), *filters))


def _condition(random: Random) -> str:
    tests = [
        f"{_value(random)} {random.choice(OPERATORS)} {random.choice((_value(random), 'nil'))}"
        if random.random() < 0.8
        else _value(random)
        for _ in range(random.randint(1, 2))
    ]
    return random.choice((" and ", " or ")).join(tests)
