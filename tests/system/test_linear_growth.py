"""What a check and a load take grows with the size of a file, and not with its square: calls are counted, not time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import rulewright
from rulewright.checking import check
from rulewright.compiler.analysis.findings import paths
from rulewright.dsl.render.text import render_all
from rulewright.dsl.source import Source, Span
from rulewright.loading.rule_files import read_rules_text
from tests.long_cases import long_cases

pytestmark = pytest.mark.untraced

HEAD = "destination amplitude\n"


def rules(expression: str = "a", trigger: str = 'type = "track"', more: str = "") -> str:
    return f"""{HEAD}mapping "A" -> logEvent {{
  when {trigger}
  use defaults
  user_properties = omit
  event_properties = {{ it: {expression} }}
  {more}
}}
"""


def repeated(pattern: str, separator: str = "") -> Callable[[int], str]:
    """A pattern so many times, each with its own number for `#`."""
    return lambda count: separator.join([pattern.replace("#", str(number)) for number in range(count)])


SHAPES: dict[str, Callable[[int], str]] = {
    "brackets": repeated("["),
    "brackets in an item": lambda count: "drop when a = 1\n" + "[" * count,
    "braces of items": repeated('mapping "#" -> logEvent {'),
    "mappings that cannot be read": lambda count: HEAD + repeated('mapping "m#" -> logEvent { when when = }\n')(count),
    "mappings that are not closed": lambda count: HEAD + repeated('mapping "m#" -> logEvent {\n when a = (\n')(count),
    "mappings without a trigger": lambda count: HEAD + repeated('mapping "m#" -> logEvent { x = ) }\n')(count),
    "mappings of one name": lambda count: (
        HEAD + 'mapping "A" -> mapUser { when type = "alias" use defaults }\n' * count
    ),
    "repeated fields": lambda count: rules(more="city = a\n" * count),
    "unknown fields": lambda count: rules(more=repeated("cuty# = a\n")(count)),
    "unknown functions": lambda count: rules(f"[{repeated('unknown#(a)', ', ')(count)}]"),
    "repeated keys": lambda count: rules(f"{{ {repeated('k: a', ', ')(count)} }}"),
    "keys": lambda count: rules(f"{{ {repeated('k#: a#', ', ')(count)} }}"),
    "items": lambda count: rules(f"[{repeated('a', ', ')(count)}]"),
    "arguments": lambda count: rules(f"coalesce({repeated('a#.b', ', ')(count)})"),
    "placeholders": lambda count: rules('"' + "{{ a }}" * count + '"'),
    "open placeholders": lambda count: rules('"' + "{{ " * count + '"'),
    "placeholders with a brace": lambda count: rules('"' + "{{ {" * count + '"'),
    "texts to compare with": lambda count: rules(trigger="event in [" + repeated('"#"', ", ")(count) + "]"),
    "repeated settings": lambda count: HEAD + "settings {\n" + 'endpoint = "europe"\n' * count + "}\n" + rules(),
    "suppressions": lambda count: rules() + "# allow RW0403: x\n" * count,
    "comments": lambda count: "# x\n" * count + rules(),
    "strays": repeated("foo bar\n"),
    "closing braces": repeated("}\n"),
    "quotes": repeated('drop when a = "'),
    "texts that are not closed": lambda count: rules() + 'drop when a = "x\n' * count,
    "backslashes": repeated("\\"),
    "filters": lambda count: "drop when a = 1\n" * count + rules(),
    "paths of a filter": lambda count: f"keep {repeated('a#', ', ')(count)}\n" + rules(),
    "destinations": lambda count: repeated("destination a#\n")(count) + rules(),
    "tests": lambda count: rules() + repeated('test "t#" { given { "type": "track" } expect "B" }\n')(count),
    "cases": lambda count: rules() + 'test "t" { given {} expect "A" ' + repeated('case "c#" { a: "x" } ')(count) + "}",
    "expectations": lambda count: rules() + 'test "t" { given {} ' + 'expect "A" { a = 1 } ' * count + "}",
    "terms of a sum": repeated("a", "+"),
    "long names": lambda count: rules("a" * count),
    "long texts": lambda count: rules('"' + "x" * count + '"'),
    "long numbers": lambda count: rules("1" * count),
}


def calls(run: Callable[[], Any]) -> int:
    """How many functions a call of one calls, of Python and of C."""
    count = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(count_call)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


def everything(text: str) -> None:
    """Checks rules and shows what is found; loads those without an error."""
    findings = check(read_rules_text(text)).findings
    render_all(findings)
    if all(finding.severity != "error" for finding in findings):
        rulewright.load(text, settings={})


@pytest.mark.parametrize("size", [20, *long_cases(40)])
@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_the_size(shape: str, size: int) -> None:
    make = SHAPES[shape]
    everything(make(size // 2))  # What is done once in a process is done before anything is counted.
    counts = (size, 2 * size, 4 * size)
    small, middle, large = (calls(lambda count=count: everything(make(count))) for count in counts)  # type: ignore[misc]
    # Where work is in proportion to size, the second step is twice the first.
    assert large - middle <= 2.6 * (middle - small) + 500, (small, middle, large)


class Watched(str):
    """A text that remembers the longest part that is taken from it: a search in a part is one call, however long."""

    longest = 0

    def __getitem__(self, index: Any) -> str:
        part = super().__getitem__(index)
        self.longest = max(self.longest, len(part))
        return part


@pytest.mark.parametrize("ask", [paths._is_whole, paths._is_compared])
def test_only_what_is_near_an_unknown_word_is_looked_at(ask: Callable[[Span], bool]) -> None:
    text = Watched(" " * 5_000 + "when event = track " + " " * 5_000)
    place = text.index("track")
    ask(Span(Source("shop.rules", text), place, place + len("track")))
    assert 0 < text.longest < 200
