"""Rules with many mappings: each mapping is compiled when an event first needs it, and cached by its text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..runtime.destinations import BUILT_IN
from ..runtime.mapping.compiled import CompiledMapping, CompiledProgram, MappingLater, SourceMapOf
from ..runtime.mapping.source_map import SourceMap, SourceMaps
from . import cache as compiled_cache
from .cache import Head
from .cache_files import CachedText
from .gc_pause import gc_pause
from .python_loader import ModuleCode, run_code

if TYPE_CHECKING:
    from ..dsl.source import Source, Span

MOST_TOGETHER = 32
"""The most mappings that become one module, by which a line of JSON text is read once for all of them."""


def head_of(name: str, action: str, conflict: Any, destination: str, file: int, span: Span) -> Head:
    """The head of a mapping; `file` is the number of its rule file."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    lines = text[start : end if end >= 0 else len(text)]
    key = compiled_cache.mapping_key(destination, lines, span.start - start)
    return Head(name, action, conflict, key, file, span.start, span.end)


@dataclass(slots=True)
class SingleMappings:
    """The mappings of large rules, beside a program that says which of them take an event."""

    program: CompiledProgram
    heads: Sequence[Head]
    source: Callable[[int], Source]
    """A rule file by its number."""
    compile_mapping: Callable[[Span, str], tuple[ModuleCode, CachedText]]
    """Compiles the mapping at a place in rules for a destination."""
    matching: SourceMapOf
    maps: dict[int, SourceMapOf] = field(default_factory=dict)
    """The source map of each mapping that was compiled."""
    numbers: dict[str, int] = field(default_factory=dict)
    """The number of the mapping whose code has a file name."""

    def join(self) -> CompiledProgram:
        """The program with its mappings."""
        self.program.mappings = [
            MappingLater(head.name, head.action, head.conflict, partial(self._compiled, number))
            for number, head in enumerate(self.heads)
        ]
        self.program.files = self.numbers.keys()
        self.program.source_map = cache(self._source_map)
        return self.program

    def _compiled(self, number: int) -> CompiledMapping:
        head = self.heads[number]
        is_kept = self.program.destination in BUILT_IN
        entry = compiled_cache.find_mapping(head.key) if is_kept else None
        if entry is not None:
            code, table = entry.code, entry.table
        else:
            code, made = self._compile(head)
            if is_kept:
                compiled_cache.keep_mapping(head.key, code, made)
            table = partial(_itself, made)
        names = run_code(code, lambda: table()[0])
        self.maps[number] = cache(lambda: self._moved(head, table()))
        self.numbers[code[0].co_filename] = number
        mapping: CompiledMapping = names["PROGRAM"].mappings[0]
        return mapping

    @gc_pause()
    def _compile(self, head: Head) -> tuple[ModuleCode, CachedText]:
        from ..dsl.source import Span  # the language is a large import, and the cache is there to do without it

        span = Span(self.source(head.file), head.start, head.end)
        code, table = self.compile_mapping(span, self.program.destination)
        text, origins, lines, fields = table
        first, own = span.line, span.source.name
        still = tuple(
            ("", line - first, *rest) if file == own else (file, line, *rest) for file, line, *rest in origins
        )
        return code, (text, still, lines, fields)  # type: ignore[return-value]

    def _moved(self, head: Head, table: CachedText) -> SourceMap:
        """The source map of a mapping at its position in these rules."""
        source = self.source(head.file)
        first, _ = source.position(head.start)
        origins = [
            (source.name, line + first, *rest) if file == "" else (file, line, *rest) for file, line, *rest in table[1]
        ]
        return SourceMap(origins, *table[2:])  # type: ignore[arg-type]

    def _source_map(self) -> SourceMaps:
        def of_file(file: str) -> SourceMap | None:
            return of_mapping(self.numbers[file]) if file in self.numbers else None

        def of_mapping(number: int) -> SourceMap | None:
            source_map = self.maps[number]() if number in self.maps else None
            return source_map if isinstance(source_map, SourceMap) else None

        matching = self.matching()
        return SourceMaps(matching if isinstance(matching, SourceMap) else SourceMap((), ()), of_file, of_mapping)


def _itself(table: CachedText) -> CachedText:
    return table
