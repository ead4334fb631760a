"""Loads a mapper from rules: compiles them, or takes them from the cache without importing parser or compiler."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..argument_types import is_text, require_rules
from ..files.file_access import FileAccess, FileRefused, text_of
from ..files.project import with_project
from ..runtime.destinations import BUILT_IN, DESTINATIONS
from ..runtime.mapper import Mapper
from ..runtime.mapping.compiled import CompiledProgram
from ..runtime.mapping.source_map import SourceMap
from . import cache as compiled_cache
from .cache import CachedModule, RuleSource
from .cache_files import CachedText
from .gc_pause import gc_pause
from .python_loader import ModuleCode, program_of
from .single_mappings import SingleMappings

if TYPE_CHECKING:
    from ..dsl.source import Source, Span


def load(path_or_text: str | Path, *, settings: Mapping[str, Any] | None = None, checks: bool = True) -> Mapper:
    """Load rules and return a mapper.

    `path_or_text` is the path of a rule file, or the text of one: a str with a line break or `{` in it, or a blank one.
    `settings` maps the names of the destination's settings, which are Segment's, to their values; a setting that is
    not given comes from the rule file, or else from the environment. With `checks=False`, the destination's limits
    (on IDs, depth and sizes) neither repair nor refuse a value.

    Raises RuleError with all errors of the rules, also for a file that cannot be read, ValueError for a setting that
    the destination does not have or does not accept, and TypeError for an argument of another type.

    Compiled rules are cached on disk, in the folder that RULEWRIGHT_CACHE names (`off` turns the cache off), except
    rules for an installed destination.
    """
    require_rules(path_or_text)
    return load_by(access_to(path_or_text), path_or_text, settings=settings, checks=checks)


def access_to(path_or_text: str | Path) -> FileAccess:
    """The access to the files of rules: relative to the folder of the rule file, or to the current one for a text."""
    return FileAccess(Path() if is_text(path_or_text) else Path(path_or_text).parent)


def load_by(
    access: FileAccess,
    path_or_text: str | Path,
    *,
    settings: Mapping[str, Any] | None = None,
    checks: bool = True,
    placeholder: str | None = None,
) -> Mapper:
    """Like `load`; files that `access` has read are not read again, so the cache key and the compiled text agree.

    A `placeholder` replaces every secret of the destination, so that mapping needs none and requests show none.
    """
    rules = _rules(path_or_text, access)
    entry = None if rules is None else compiled_cache.find(rules, access)
    program = (
        _compiled(path_or_text, rules, access)
        if rules is None or entry is None
        else _program_of(entry, path_or_text, rules, access)
    )
    if placeholder is not None:
        settings = {**dict.fromkeys(DESTINATIONS[program.destination].secrets, placeholder), **(settings or {})}
    return Mapper(program, settings=with_project(settings), checks=checks)


def _rules(path_or_text: str | Path, access: FileAccess) -> RuleSource | None:
    """The rules as the cache knows them; None for a file that cannot be read, which compiling will say."""
    if is_text(path_or_text):
        return RuleSource("<text>", str(path_or_text).encode("utf-8", "surrogatepass"), access.folder)
    try:
        return RuleSource(str(path_or_text), access.read_first(Path(path_or_text)), access.folder)
    except FileRefused:
        return None


@gc_pause()
def _compiled(path_or_text: str | Path, rules: RuleSource | None, access: FileAccess) -> CompiledProgram:
    from . import pipeline as loading  # the compiler is a large import, and the cache is there to do without it

    known = None if rules is None else compiled_cache.find_known(rules)
    loaded = None if known is None else loading.load_known(path_or_text, access, known)
    if loaded is None:
        files = loading.read(path_or_text, access)
        loaded = files, loading.compiled(files, loading.compile_files(files))
    files, compiled = loaded
    program = compiled.program()
    # The key of an entry covers what ships, and not the code of an installed destination.
    if rules is not None and program.destination in BUILT_IN:
        includes = [*(Path(source.name) for source, _ in files.files[1:]), *sorted(access.absent)]
        names = [source.name for source in compiled.sources]
        compiled_cache.keep(rules, compiled.codes, compiled.table, access.digests(includes), names, compiled.heads)
        if compiled.known is not None:
            compiled_cache.keep_known(rules, compiled.known)
    return program


def _program_of(
    entry: CachedModule, path_or_text: str | Path, rules: RuleSource, access: FileAccess
) -> CompiledProgram:
    """The program of an entry; its text and the places of the rules are unpacked when something fails."""
    source_map = cache(lambda: SourceMap(*entry.table()[1:]))
    program = program_of(
        entry.code, None if entry.packed is None else entry.views, lambda: entry.table()[0], source_map
    )
    if not entry.heads:
        return program
    first = str(path_or_text) if is_text(path_or_text) else text_of(rules.content)
    # Now, because a relative path and a link may lead elsewhere when the first event comes.
    texts = [first, *(text_of(access.read(Path(name))) for name in entry.files[1:])]

    def source(number: int) -> Source:
        from ..dsl.source import Source  # for a failure, or a mapping that is not in the cache

        return Source(entry.files[number], texts[number])

    return SingleMappings(program, entry.heads, cache(source), _compile_mapping, source_map).join()


def _compile_mapping(span: Span, destination: str) -> tuple[ModuleCode, CachedText]:
    from .pipeline import compile_mapping  # the compiler is a large import, and the cache is there to do without it

    return compile_mapping(span, destination)
