"""The cache of compiled rules on disk, by what they were made from.

An entry is found by a hash of the rules, of the compiler's own files and of the Python that runs it, and is used only
when its checksum is right and every file that the rules include still reads the same. Whatever is wrong with an entry,
the rules are simply compiled again; a cache that cannot be written stops nothing. Settings are not part of it, so no
secret ever is. An entry is code that is run, so entries are kept in a folder that nobody else can write to.
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
    """A mapping that is compiled by itself: what is known of it before."""

    name: str
    action: str
    conflict: ConflictPolicy
    key: str
    """Of its code: everything that it is made from."""
    file: int
    """The number of the rule file that it is in, and where."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CachedModule:
    """The compiled module of some rules, which needs its file no more: another process may delete that at any time."""

    code: ModuleCode
    """Of what maps events."""
    packed_table: bytes
    """The table, which only a failure needs; about 10 KB for the six presets."""
    packed: bytes | None = None
    """The code of what maps views of events, kept small until somebody needs it."""
    files: tuple[str, ...] = ()
    """The names of the rule files, where each mapping is compiled by itself."""
    heads: tuple[Head, ...] = ()
    """Its mappings."""

    def views(self) -> ModuleCode:
        """The code of what maps views, if there are any."""
        assert self.packed is not None
        code: ModuleCode = marshal.loads(zlib.decompress(self.packed))
        return code

    def table(self) -> CachedText:
        """The text of the module, and what its source map is made from."""
        table: CachedText = marshal.loads(zlib.decompress(self.packed_table))
        return table


@dataclass(frozen=True, slots=True)
class RuleSource:
    """What the rules are made from: the file's name and content, and the folder that includes are looked for in."""

    name: str
    content: bytes
    folder: Path

    def key(self) -> str:
        """The name of their entry."""
        parts = "\0".join((fingerprint(), self.name, str(self.folder.absolute()), ""))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass') + self.content).hexdigest()}.rwc"

    def key_of_known(self) -> str:
        """The name of the entry of what is known of their mappings, which an edit of the content does not change."""
        parts = "\0".join((fingerprint(), self.name, str(self.folder.absolute())))
        return f"{sha256(parts.encode('utf-8', 'surrogatepass')).hexdigest()}.rwk"


def find(rules: RuleSource, access: FileAccess) -> CachedModule | None:
    """The entry of some rules, if it is there, whole, and not made from includes that read otherwise by now."""
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
    """Keeps an entry of rules.

    The codes are that for events, and that for views if there are any; `includes` are the paths of what was compiled
    with the rules, and the digests of just that content. With `files` and `heads`, the code holds no mappings.
    """
    packed = [zlib.compress(marshal.dumps(code), 1) for code in codes[1:]]
    entry = tuple(includes), codes[0], packed[0] if packed else None, tuple(files), tuple(tuple(head) for head in heads)
    write_entry(rules.key(), entry, table, forget=True)


class MappingSummary(NamedTuple):
    """A mapping of large rules that was checked: what the rules as a whole need of it."""

    name: str
    action: str
    conflict: ConflictPolicy
    enabled: bool
    trigger: bytes


class Matching(NamedTuple):
    """The module that says which of many mappings take an event."""

    key: str
    """Of all that it is made from."""
    text: str
    codes: tuple[ModuleCode, ...]
    places: tuple[tuple[int, int, int], ...]
    """The origins of its `SourceMap`: each as the number of an item and the offsets of its start and end in that."""
    lines: tuple[tuple[int, int, str | None], ...]


class KnownRules(NamedTuple):
    """What is known of large rules, whatever their text is now."""

    destination: str
    mappings: Mapping[str, MappingSummary]
    """By key."""
    matching: Matching


def find_known(rules: RuleSource) -> KnownRules | None:
    """What is known of rules by this name; None if nothing is."""
    folder = cache_folder()
    content = None if folder is None else read_entry(folder / rules.key_of_known())
    if content is None:
        return None
    destination, known, matching = marshal.loads(content[0])
    return KnownRules(
        destination, {key: MappingSummary._make(parts) for key, parts in known.items()}, Matching._make(matching)
    )


def keep_known(rules: RuleSource, known: KnownRules) -> None:
    """Keeps what is known of rules, in place of what was known before."""
    mappings = {key: tuple(parts) for key, parts in known.mappings.items()}
    write_entry(rules.key_of_known(), (known.destination, mappings, tuple(known.matching)), None)


class GrammarTables:
    """Keeps the tables of the grammar's parser."""

    def find(self, name: str) -> bytes | None:
        """Those of a parser; they are pickled, and as trusted as code."""
        folder = cache_folder()
        content = None if folder is None else read_entry(folder / _key_of_tables(name))
        tables: bytes | None = None if content is None else marshal.loads(content[0])
        return tables

    def keep(self, name: str, tables: bytes) -> None:
        """Keeps those of a parser."""
        write_entry(_key_of_tables(name), tables, None)


def _key_of_tables(name: str) -> str:
    return f"{sha256(f'{fingerprint()} {name}'.encode()).hexdigest()}.rwg"


def mapping_key(destination: str, text: str, start: int) -> str:
    """The key of a mapping's code, which depends on its own text, from `start` on in its lines, and on nothing else."""
    parts = "\0".join((fingerprint(), destination, str(start), text))
    return sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


def find_mapping(key: str) -> CachedModule | None:
    """The entry of one mapping."""
    folder = cache_folder()
    content = None if folder is None else read_entry(folder / f"{key}.rwm")
    return None if content is None else CachedModule(marshal.loads(content[0]), content[1])


def keep_mapping(key: str, code: ModuleCode, table: CachedText) -> None:
    """Keeps an entry of one mapping."""
    write_entry(f"{key}.rwm", code, table)
