"""Converts the settings of an exported destination to `settings { … }`, and reports what cannot be converted."""

from __future__ import annotations

import json
from typing import Any

from ..compiler.catalog import DestinationSchema
from ..dsl import ast
from ..printable import printable
from .problems import JsonPath, kind, written

_REGION = "endpoint"


def import_settings(
    settings: dict[str, Any], place: JsonPath, destination: DestinationSchema
) -> tuple[ast.Settings | None, list[str]]:
    """The settings that differ from the defaults, and a sentence for each that Segment or the rules do not know.

    Segment sends to its default region for any region that it does not know. Keys are never in a rule file.
    """
    entries, sentences = [], []
    default, *others = destination.choices[_REGION]
    for name, value in settings.items():
        if name == _REGION and value in others:
            entries.append(ast.Entry(name, ast.Literal(value)))
        elif name == _REGION and value not in (default, None, ""):
            shown = printable(json.dumps(value, ensure_ascii=False)) if isinstance(value, str) else kind(value)
            expected = " or ".join(f'"{choice}"' for choice in (default, *others))
            sentence = f"expected {expected}, found {shown}; Segment and the rules use {default}"
            sentences.append(f"{written((*place, name))}: {sentence}")
        elif name not in (_REGION, *destination.settings, *destination.secrets):
            sentences.append(f"{written((*place, name))}: {destination.title} has no such setting here")
    return (ast.Settings(tuple(entries)) if entries else None), sentences
