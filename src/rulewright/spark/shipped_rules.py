"""Rules for executors: compiled once by the driver, and run by the runtime alone."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ..argument_types import require_rules
from ..loading.python_loader import program_of
from ..runtime.destination import PLACEHOLDER
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper
from ..runtime.mapping.source_map import SourceMap
from ..version import VERSION


@dataclass(frozen=True, slots=True, eq=False)
class ShippedRules:
    """The compiled module of rules as bytes, with the settings of its mapper, which have no key."""

    destination: str
    codes: bytes = field(repr=False)
    """The code for events and that for views of events, marshaled: Spark runs one version of Python everywhere."""
    table: bytes = field(repr=False)
    """What only a failure needs, compressed."""
    settings: Mapping[str, Any]
    checks: bool
    digest: bytes = field(repr=False)
    """A hash of everything that decides what the mapper does."""
    version: str = VERSION

    def mapper(self) -> Mapper:
        """The mapper, made once in each process. Raises RuntimeError on an executor with another Rulewright."""
        if self.version != VERSION:
            raise RuntimeError(
                f"the driver has Rulewright {self.version}, and this executor has {VERSION}; install the same version"
                " on all nodes"
            )
        mapper = _mappers.get(self.digest)
        if mapper is None:
            mapper = _mappers[self.digest] = _mapper(self)
        return mapper


_mappers: dict[bytes, Mapper] = {}
"""Of this process, which Spark uses for one task after another."""


def _mapper(rules: ShippedRules) -> Mapper:
    codes = marshal.loads(rules.codes)

    @cache
    def table() -> Any:
        return marshal.loads(zlib.decompress(rules.table))

    views = (lambda: codes[1]) if len(codes) > 1 else None
    program = program_of(codes[0], views, lambda: table()[0], lambda: SourceMap(*table()[1:]))
    return Mapper(program, settings=rules.settings, checks=rules.checks)


def ship(rules: str | Path, settings: Mapping[str, Any] | None = None, checks: bool = True) -> ShippedRules:
    """Compiles the rules of a path or a text; every secret is a placeholder, as in `rulewright run`.

    Raises RuleError for rules with errors, and ValueError for settings that the destination does not take.
    """
    from ..loading import pipeline  # executors need no compiler

    require_rules(rules)
    files = pipeline.read(rules)
    module = pipeline.compiled(files, pipeline.compile_files(files))
    destination = module.program().destination
    given = {**(settings or {}), **dict.fromkeys(DESTINATIONS[destination].secrets, PLACEHOLDER)}
    codes = marshal.dumps(list(module.codes))
    digest = blake2b(codes + repr((sorted(given.items()), checks)).encode("utf-8", "surrogatepass"), digest_size=16)
    table = zlib.compress(marshal.dumps(module.table), 1)
    shipped = ShippedRules(destination, codes, table, given, checks, digest.digest())
    shipped.mapper()  # settings that the destination refuses are reported here, not by each executor
    return shipped
