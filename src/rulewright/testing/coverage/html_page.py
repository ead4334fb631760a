"""Coverage as one self-contained HTML page."""

from __future__ import annotations

from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined

from .coverage import Coverage, percent_text
from .coverage_items import CoverageItem


def html(coverages: list[Coverage]) -> str:
    """The rules of each file, and at each line what was tried and what never was. Text of rules is escaped."""
    template = resources.files(__package__).joinpath("coverage.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    files = [file for coverage in coverages for file in _files(coverage)]
    return environment.from_string(template).render(files=files)


def _files(coverage: Coverage) -> list[dict[str, Any]]:
    by_line: dict[str, dict[int, list[CoverageItem]]] = {}
    sources = {}
    for item in coverage.items:
        sources[item.span.source.name] = item.span.source
        by_line.setdefault(item.span.source.name, {}).setdefault(item.span.line, []).append(item)
    triggers, fields = percent_text(coverage.percent("triggers")), percent_text(coverage.percent("fields"))
    return [
        {
            "name": name,
            "triggers": triggers,
            "fields": fields,
            "lines": [
                _line(coverage, number, source.line(number), by_line[name].get(number, []))
                for number in range(1, len(source.line_starts) + 1)
            ],
        }
        for name, source in sources.items()
    ]


def _line(coverage: Coverage, number: int, text: str, items: list[CoverageItem]) -> dict[str, Any]:
    missed = [item.sentence for item in items if coverage.is_missed(item)]
    tried = [f"{item.sentence}: {coverage.hits(item)}" for item in items if coverage.hits(item)]
    impossible = [item.sentence for item in items if item in coverage.impossible]
    state = "missed" if missed else "tried" if tried else "plain"
    return {
        "number": number,
        "text": text,
        "state": state,
        "missed": missed,
        "tried": tried,
        "impossible": impossible,
    }
