"""Which licenses the packages of an installation have, by its bill of materials, and which of them are admitted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

ADMITTED = frozenset("""
0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CNRI-Python ISC MIT MPL-2.0 PSF-2.0 Python-2.0 Unlicense Zlib
""".split())  # fmt: skip
"""By their SPDX names. All of them let Rulewright, and what embeds it, have a license of its own."""
NAMES = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages call a license that is admitted, by the classifiers of the index or a text of their own."""
LOOKED_AT = {"python-dateutil": "its license is called `Dual License`: Apache-2.0 and BSD-3-Clause"}
"""Packages whose own text for their license says nothing, and what their files say."""


def refused(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each component of a bill that names no license, or one that is not admitted."""
    return [
        f"{component['name']} {component.get('version', '')} has {' and '.join(licenses) or 'no license'}"
        for component in components
        if component["name"] not in LOOKED_AT and not _is_admitted(licenses := _names(component))
    ]


def _names(component: Mapping[str, Any]) -> list[str]:
    licenses = component.get("licenses", ())
    named = [each.get("expression") or each["license"].get("id") or each["license"].get("name") for each in licenses]
    return [name.rpartition(" :: ")[2] for name in named]


def _is_admitted(names: list[str]) -> bool:
    """Whether each part of each expression is admitted; of a choice (`OR`), one part is enough."""
    return bool(names) and all(NAMES.get(name, name) in ADMITTED or _allows(name) for name in names)


def _allows(expression: str) -> bool:
    inner = re.compile(r"\(([^()]*)\)")
    while group := inner.search(expression):
        replaced = "MIT" if _allows(group[1]) else "refused"
        expression = f"{expression[: group.start()]}{replaced}{expression[group.end() :]}"
    return any(
        all(part.strip() in ADMITTED for part in re.split(r"\bAND\b", choice))
        for choice in re.split(r"\bOR\b", expression)
    )
