"""The cache of compiled rules on disk, by what they were made from.

An entry is found by a hash of the rules, of the compiler's own files and of the Python that runs it. It is used only if
its checksum is right and every included file still has the same content; else the rules are compiled again. A cache
that cannot be written is not an error. Entries contain no settings, and so no secret. They are code that is run, so
they are kept in a folder that no other user can write to.
"""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ..files.file_access import FileAccess, FileRefused
from ..runtime.action import ConflictPolicy
from .cache_files import CachedText, cache_folder, fingerprint, read_entry, write_entry
from .python_loader import ModuleCode


class Head(NamedTuple):
    """What is known of a mapping that is compiled by itself, before it is compiled."""

    name: str
    action: str
    conflict: ConflictPolicy
    key: str
    """The key of its code, a hash of everything that the code is made from."""
    file: int
    """The number of the rule file that it is in; `start` and `end` are its offsets there."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CachedModule:
    """The compiled module of some rules. It does not need its file any more, which another process may delete."""

    code: ModuleCode
    """The code that maps events."""
    packed_table: bytes
    """What only a failure needs, compressed; about 10 KB for the six presets."""
    packed: bytes | None = None
    """The code that maps views of events, compressed; None if there are no views."""
    files: tuple[str, ...] = ()
    """The names of the rule files, where each mapping is compiled by itself."""
    heads: tuple[Head, ...] = ()
    """Its mappings."""

    def views(self) -> ModuleCode:
        """The code that maps views, for a module that has views."""
        assert self.packed is not None
        code: ModuleCode = marshal.loads(zlib.decompress(self.packed))
        return code

    def table(self) -> CachedText:
        """The text of the module, and what its source map is made from."""
        table: CachedText = marshal.loads(zlib.decompress(self.packed_table))
        return table


@dataclass(frozen=True, slots=True)
class RuleSource:
    """What rules are compiled from: the name and the content of their file, and the folder of its includes."""

    name: str
    content: bytes
    folder: Path

    def key(self) -> str:
        """The file name of the entry of these rules."""
        parts = "\0".join((fingerprint(), self.name, str(self.folder.absolute()), ""))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass') + self.content).hexdigest()}.rwc"

    def key_of_known(self) -> str:
        """The file name of the entry for their mappings, which does not depend on the content."""
        parts = "\0".join((fingerprint(), self.name, str(self.folder.absolute())))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass')).hexdigest()}.rwk"


def find(rules: RuleSource, access: FileAccess) -> CachedModule | None:
    """The entry of some rules; None if there is none, or if it is damaged or made from includes that have changed."""
    folder = cache_folder()
    if folder is None:
        return None
    content = read_entry(folder / rules.key())
    if content is None:
        return None
    includes, code, packed, files, heads = marshal.loads(content[0])
    try:
        if access.digests(Path(name) for name, _ in includes) != [*includes]:
            return None
    except FileRefused:
        return None
    return CachedModule(code, content[1], packed, files, tuple(map(Head._make, heads)))


def keep(
    rules: RuleSource,
    codes: Sequence[ModuleCode],
    table: CachedText,
    includes: Sequence[tuple[str, str]],
    files: Sequence[str] = (),
    heads: Sequence[Head] = (),
) -> None:
    """Stores an entry of rules.

    `codes` are the code for events and, if there are views, the code for views. `includes` are the paths of the files
    that were compiled with the rules, and the digests of their content. With `files` and `heads`, the code has no
    mappings.
    """
    packed = [zlib.compress(marshal.dumps(code), 1) for code in codes[1:]]
    entry = tuple(includes), codes[0], packed[0] if packed else None, tuple(files), tuple(tuple(head) for head in heads)
    write_entry(rules.key(), entry, table, forget=True)


class MappingSummary(NamedTuple):
    """What checking large rules as a whole needs to know of a mapping that was checked before."""

    name: str
    action: str
    conflict: ConflictPolicy
    enabled: bool
    trigger: bytes


class Matching(NamedTuple):
    """The module that says which of many mappings take an event."""

    key: str
    """A hash of everything that it is made from."""
    text: str
    codes: tuple[ModuleCode, ...]
    places: tuple[tuple[int, int, int], ...]
    """The origins of its `SourceMap`: each as the number of an item and the offsets of its start and end in that."""
    lines: tuple[tuple[int, int, str | None], ...]


class KnownRules(NamedTuple):
    """What is known of large rules from before, whatever their text is now."""

    destination: str
    mappings: Mapping[str, MappingSummary]
    """By key."""
    matching: Matching


def find_known(rules: RuleSource) -> KnownRules | None:
    """What is known of the rules of this name; None if nothing is."""
    folder = cache_folder()
    content = None if folder is None else read_entry(folder / rules.key_of_known())
    if content is None:
        return None
    destination, known, matching = marshal.loads(content[0])
    return KnownRules(
        destination, {key: MappingSummary._make(parts) for key, parts in known.items()}, Matching._make(matching)
    )


def keep_known(rules: RuleSource, known: KnownRules) -> None:
    """Stores what is known of rules, in place of what was known before."""
    mappings = {key: tuple(parts) for key, parts in known.mappings.items()}
    write_entry(rules.key_of_known(), (known.destination, mappings, tuple(known.matching)), None)


class GrammarTables:
    """Stores the tables of the parser of the grammar."""

    def find(self, name: str) -> bytes | None:
        """The tables of a parser, None if there are none. They are pickled, and as trusted as code."""
        folder = cache_folder()
        content = None if folder is None else read_entry(folder / _key_of_tables(name))
        tables: bytes | None = None if content is None else marshal.loads(content[0])
        return tables

    def keep(self, name: str, tables: bytes) -> None:
        """Stores the tables of a parser."""
        write_entry(_key_of_tables(name), tables, None)


def _key_of_tables(name: str) -> str:
    return f"{sha256(f'{fingerprint()} {name}'.encode()).hexdigest()}.rwg"


def mapping_key(destination: str, text: str, start: int) -> str:
    """The key of a mapping's code, which depends on its own text, from `start` on in its lines, and on nothing else."""
    parts = "\0".join((fingerprint(), destination, str(start), text))
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def find_mapping(key: str) -> CachedModule | None:
    """The entry of one mapping; None if there is none."""
    folder = cache_folder()
    content = None if folder is None else read_entry(folder / f"{key}.rwm")
    return None if content is None else CachedModule(marshal.loads(content[0]), content[1])


def keep_mapping(key: str, code: ModuleCode, table: CachedText) -> None:
    """Stores an entry of one mapping."""
    write_entry(f"{key}.rwm", code, table)
