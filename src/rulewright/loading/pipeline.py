"""From rules to their module: reads, checks and compiles, and collects all findings."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..argument_types import is_text, require_rules
from ..compiler.emit.source_map import LineSource, table_of
from ..compiler.ir import All, Program
from ..compiler.memo import IdentityMemo
from ..compiler.resolve.mapping import check_mapping
from ..compiler.resolve.program import check_items
from ..dsl import ast
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.rule_error import raise_errors
from ..dsl.source import Source, Span
from ..dsl.syntax.reader import read_item
from ..files.file_access import FileAccess
from ..files.project import with_project
from ..runtime.mapper import Mapper
from ..runtime.mapping.compiled import CompiledProgram
from ..runtime.mapping.source_map import SourceMap
from ..version import VERSION
from .cache import Head, KnownRules, Matching
from .cache_files import CachedText
from .catalog import KNOWN_NAMES, catalog
from .known_mappings import KnownProgram, known_of, read_known
from .known_matching import key_of_matching, matching_of, table_of_matching
from .python_loader import ModuleCode, codes_of, program_of
from .rule_files import RuleFiles, RulesReader
from .segment_labels import with_keys
from .single_mappings import MOST_TOGETHER, SingleMappings

if TYPE_CHECKING:
    from ..compiler.plan.program_plan import ProgramPlan


class SettingsRefused(ValueError):
    """Settings that the destination does not take."""


@dataclass(frozen=True, slots=True)
class Module:
    """The Python module that rules are compiled to."""

    text: str
    codes: Sequence[ModuleCode]
    """The code for events, and that for views of events if there are any."""
    table: CachedText
    """What only a failure asks for."""
    lines: Sequence[LineSource] = ()
    """What the lines of the text were made from, where it was made now."""
    heads: tuple[Head, ...] = ()
    """The mappings that are compiled each by itself, when it is needed, from the text of the rule files."""
    sources: tuple[Source, ...] = ()
    known: KnownRules | None = None
    """What the next load can know of many mappings without reading them."""

    def program(self) -> CompiledProgram:
        """Runs the module and returns its program; the code for views runs only when it is needed."""
        source_map = cache(lambda: SourceMap(*self.table[1:]))
        views = (lambda: self.codes[1]) if len(self.codes) > 1 else None
        program = program_of(self.codes[0], views, lambda: self.text, source_map)
        if not self.heads:
            return program
        return SingleMappings(program, self.heads, self.sources.__getitem__, compile_mapping, source_map).join()


def compiled(files: RuleFiles, program: Program) -> Module:
    """Compiles a checked program; for large rules, without the code of the mappings."""
    if sum(mapping.enabled for mapping in program.mappings) > MOST_TOGETHER:
        return compile_matching(files, known_of(files, program))
    return _module(_planned(program), _title(files))


def compile_matching(files: RuleFiles, known: KnownProgram, before: Matching | None = None) -> Module:
    """The module that says which mappings of large rules take an event.

    It is `before`, if that was made from the same filters, triggers and settings.
    """
    title = _title(files)
    key = key_of_matching(known, title)
    if before is not None and before.key == key:
        module, matching = Module(before.text, before.codes, table_of_matching(before, known)), before
    else:
        from ..compiler.plan.program_plan import plan_matching  # as below

        module = _module(plan_matching(known.program()), title)
        matching = matching_of(key, known, files, module.lines, module.codes, module.table)
    assert known.checked.destination is not None
    mappings = {head.key: mapping for head, mapping, *_ in known.mappings}
    return replace(
        module,
        heads=tuple(mapping.head for mapping in known.enabled),
        sources=tuple(source for source, _ in files.files),
        known=KnownRules(known.checked.destination.name, mappings, matching),
    )


def compile_mapping(span: Span, destination: str) -> tuple[ModuleCode, CachedText]:
    """Compiles one mapping alone, at a span of rules without errors, and returns its code and its table."""
    item = read_item(span, KNOWN_NAMES)
    schema = catalog().destinations[destination]
    assert isinstance(item, ast.Mapping)
    mapping, _ = check_mapping(item, schema, catalog())
    assert mapping is not None
    taking_any = replace(mapping, trigger=All(()))
    plan = _planned(Program(schema, (), (), (taking_any,)))
    module = _module(replace(plan, view=None, may_opt_out=None), Path(span.source.name).name)
    return module.codes[0], module.table


def _planned(program: Program) -> ProgramPlan:
    # A large import, and a load after an edit seldom needs it.
    from ..compiler.plan.program_plan import plan_program

    return plan_program(program)


def _module(plan: ProgramPlan, title: str) -> Module:
    from ..compiler.emit.module import write_program  # as above

    written = write_program(plan, title)
    table = (written.text, *table_of(written.sources, plan.field_spans))
    return Module(written.text, codes_of(written.parts, title), table, written.sources)


def load_known(path_or_text: str | Path, access: FileAccess, before: KnownRules) -> tuple[RuleFiles, Module] | None:
    """Large rules of which most is known, and their module; None if all of them must be read."""
    known = read_known(partial(read, path_or_text, access), before.destination, before.mappings)
    return None if known is None else (known[0], compile_matching(*known, before.matching))


def mapper_of(
    files: RuleFiles, program: Program, *, settings: Mapping[str, Any] | None = None, checks: bool = True
) -> Mapper:
    """The mapper of a checked program, as `load` makes one. Raises SettingsRefused."""
    compiled_program = compiled(files, program).program()
    try:
        return Mapper(compiled_program, settings=with_project(settings), checks=checks)
    except ValueError as error:
        raise SettingsRefused(str(error)) from None


def compile_source(path_or_text: str | Path) -> str:
    """Compile rules to the text of a Python module that imports only `rulewright.runtime`.

    `path_or_text` is the path of a rule file, or the text of one. Raises RuleError with all errors of the rules, and
    TypeError for an argument that is neither a path nor text. Like `load`, it reports errors only; `rulewright check`
    also proves that mappings work together.
    """
    require_rules(path_or_text)
    return source_of_module(read(path_or_text))


def source_of_module(files: RuleFiles) -> str:
    """The text of the module for rules that are already read. Raises RuleError."""
    from ..compiler.emit.module import write_whole_program  # a large import, as above

    return write_whole_program(_planned(compile_files(files)), _title(files), VERSION)


def read(
    path_or_text: str | Path, access: FileAccess | None = None, is_known: Callable[[Span], bool] | None = None
) -> RuleFiles:
    """Reads the rules of a path or a text, which are distinguished as in `load`. Raises RuleError.

    Files that `access` has read are not read again. Items for whose span `is_known` is true are left unread.
    """
    reader = RulesReader(is_known)
    return reader.read_text(str(path_or_text)) if is_text(path_or_text) else reader.read(Path(path_or_text), access)


def check_files(files: RuleFiles, memo: IdentityMemo | None = None) -> tuple[Program, list[Diagnostic]]:
    """The checked program of rule files, and all diagnostics in the order of their text.

    With `memo`, the results of unchanged items are reused.
    """
    program, checked = check_items(files.items, catalog(), memo)
    half_read = _half_read(files)
    diagnostics = with_keys(files.diagnostics, catalog())
    # What a mapping lacks may be in a statement that could not be read.
    diagnostics += [
        diagnostic
        for diagnostic in checked
        if diagnostic.code not in ("RW0302", "RW0401") or not _is_in(diagnostic.span, half_read)
    ]
    # A mapping that could not be read, or whose file could not be read, is not missing.
    unread = any(diagnostic.severity == "error" for diagnostic in files.diagnostics)
    if not unread and not any(isinstance(item, ast.Mapping) for item in files.items):
        diagnostics.append(no_rules(files))
    return program, in_order(files, diagnostics)


def _half_read(files: RuleFiles) -> dict[Source, list[tuple[int, int]]]:
    """The places of the mappings in which something could not be read, by their file, in order."""
    unread: dict[Source, list[tuple[int, int]]] = {}
    for diagnostic in files.diagnostics:
        insort(unread.setdefault(diagnostic.span.source, []), (diagnostic.span.start, diagnostic.span.end))
    ranges: dict[Source, list[tuple[int, int]]] = {}
    for item in files.items:
        places = unread.get(item.span.source) if isinstance(item, ast.Mapping) else None
        first = bisect_left(places, (item.span.start,)) if places else 0
        if places and first < len(places) and places[first][1] <= item.span.end:
            ranges.setdefault(item.span.source, []).append((item.span.start, item.span.end))
    for mappings in ranges.values():
        mappings.sort()
    return ranges


def _is_in(span: Span, places: Mapping[Source, Sequence[tuple[int, int]]]) -> bool:
    """Whether one of some places, which do not overlap, holds a span."""
    before = places.get(span.source, ())
    at = bisect_right(before, (span.start, sys.maxsize)) - 1
    return at >= 0 and span.end <= before[at][1]


def in_order(files: RuleFiles, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics in the order of the text of the rules."""
    order = {source: number for number, (source, _) in enumerate(files.files)}
    return sorted(diagnostics, key=lambda diagnostic: (order.get(diagnostic.span.source, 0), diagnostic.span.start))


def compile_files(files: RuleFiles) -> Program:
    """The checked program of rule files. Raises RuleError if it has errors; warnings are ignored."""
    program, diagnostics = check_files(files)
    raise_errors(diagnostics)
    return program


def no_rules(files: RuleFiles) -> Diagnostic:
    """The diagnostic for rules without a mapping."""
    whole = files.files[0][1].span
    return Diagnostic(
        "RW0005",
        "the rules have no mapping",
        whole.within(0, 0),
        help=('write `mapping "Name" -> action { … }`',),
    )


def _title(files: RuleFiles) -> str:
    return Path(files.files[0][0].name).name
