"""Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a change.

Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..diagnostics.codes import CODES, Code
from ..diagnostics.diagnostic import Diagnostic, Fix
from ..diagnostics.suppressions import Suppression
from ..source import Span

PROJECT = "https://github.com/rulewright/rulewright"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(
    diagnostics: Iterable[Diagnostic],
    suppressed: Iterable[tuple[Diagnostic, Suppression]],
    version: str,
    page_of: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """One run of the checker; a suppressed diagnostic is a suppressed result, with its reason.

    `page_of` gives the page of a code, as Markdown.
    """
    results = [(diagnostic, None) for diagnostic in diagnostics]
    all_of_them: list[tuple[Diagnostic, Suppression | None]] = [*results, *suppressed]
    codes = sorted({diagnostic.code for diagnostic, _ in all_of_them})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Rulewright",
                        "informationUri": PROJECT,
                        "version": version,
                        "rules": [_rule(CODES[code], page_of) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(diagnostic, codes, suppression) for diagnostic, suppression in all_of_them],
            }
        ],
    }


def _rule(code: Code, page_of: Callable[[str], str] | None) -> dict[str, Any]:
    page = {} if page_of is None else {"help": {"text": code.explanation, "markdown": page_of(code.code)}}
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.explanation},
        "defaultConfiguration": {"level": code.severity},
        **page,
    }


def _result(diagnostic: Diagnostic, codes: list[str], suppression: Suppression | None) -> dict[str, Any]:
    sentences = [diagnostic.message, *diagnostic.help]
    if diagnostic.example:
        sentences.insert(1, f"for example {diagnostic.example}")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity,
        "message": {"text": "\n".join(sentences)},
        "locations": [{"physicalLocation": _place(diagnostic.span)}],
    }
    if diagnostic.others:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _place(label.span), "message": {"text": label.text or "here too"}}
            for number, label in enumerate(diagnostic.others, 1)
        ]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix)]
    if suppression is not None:
        entry = {"kind": "inSource", "location": {"physicalLocation": _place(suppression.span)}}
        result["suppressions"] = [{**entry, **({"justification": suppression.reason} if suppression.reason else {})}]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(fix.span), "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": _file(fix.span), "replacements": [replacement]}
    return {"description": {"text": fix.sentence}, "artifactChanges": [change]}


def _place(span: Span) -> dict[str, Any]:
    return {"artifactLocation": _file(span), "region": _region(span)}


def _region(span: Span) -> dict[str, int]:
    end_line, end_column = span.source.position(span.end)
    return {"startLine": span.line, "startColumn": span.column, "endLine": end_line, "endColumn": end_column}


def _file(span: Span) -> dict[str, str]:
    path = Path(span.source.name)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
