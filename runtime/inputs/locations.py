"""Turns names of inputs into locations: a file, a folder, a glob, standard input, a URL."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from .kafka_reader import open_topic
from .kafka_topic import SCHEME, topic_of
from .problem import InputRefused

STANDARD_INPUT = "<standard input>"
GIVEN_TEXT = "<event>"
"""The name of an event that is given as text in place of a file."""
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]+://")


@dataclass(frozen=True, slots=True)
class Location:
    """One file, object or stream that holds events."""

    name: str
    """As shown to a person; of a file, its path."""
    open: Callable[[], AbstractContextManager[BinaryIO]]
    path: Path | None = None
    identity: bytes | None = None
    """What changes when an object in a bucket is replaced: its entity tag, or its time and size."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Locations that `deliver` reads one after the other."""

    locations: tuple[Location, ...]


def locate(name: str) -> list[Location]:
    """The locations of a name, in the order of their names.

    Raises InputRefused if there are none, or they cannot be listed. A single file is not looked for: `open` of its
    location raises InputRefused if it cannot be read.
    """
    if name == "-":
        return [Location(STANDARD_INPUT, lambda: nullcontext(sys.stdin.buffer))]
    if name.startswith(SCHEME):
        topic = topic_of(name)
        return [Location(topic.name, lambda: open_topic(topic))]
    if _URL.match(name):
        return _remote(name)
    path = Path(name)
    if path.is_dir():
        return _in_folder(path)
    if not os.path.lexists(path) and glob.has_magic(name):
        files = [
            file
            for match in sorted(glob.glob(name, recursive=True))  # noqa: PTH207 -- Path.glob takes no absolute pattern
            for file in _files(Path(match))
        ]
        if not files:
            raise InputRefused(f"no file matches `{name}`")
        return [location_of(file) for file in dict.fromkeys(files)]
    return [location_of(path)]


def locate_or_text(name: str) -> list[Location]:
    """As `locate`; for the JSON text of an event, a location that holds this event. Raises InputRefused."""
    if name.lstrip().startswith(("{", "[")) and not os.path.lexists(name) and _is_json(name):
        return [Location(GIVEN_TEXT, lambda: nullcontext(BytesIO(name.encode("utf-8", "surrogatepass"))))]
    return locate(name)


def _is_json(text: str) -> bool:
    """Whether the text is meant as JSON: `[ab]*.jsonl` is a glob, and so is `{a}.jsonl` a name."""
    return text.rstrip().endswith(("}", "]")) or re.match(r'\s*[\[{]\s*"', text) is not None


def locate_path(path: Path) -> list[Location]:
    """The locations of a path, which is not a glob or a URL. Raises InputRefused for a folder without files."""
    return _in_folder(path) if path.is_dir() else [location_of(path)]


def location_of(path: Path) -> Location:
    """The location of a path, which is not a glob or a URL."""
    return Location(str(path), lambda: _open(path), path)


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb", buffering=0)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise InputRefused(f"`{path}` cannot be read: {reason.lower()}") from None


def _files(path: Path) -> list[Path]:
    return [location.path for location in _in_folder(path) if location.path] if path.is_dir() else [path]


def _in_folder(folder: Path) -> list[Location]:
    """All files below a folder but hidden ones, and marks such as `_SUCCESS`, in the order of their paths."""
    files: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        files += [Path(place, name) for name in names if not name.startswith((".", "_"))]
    if not files:
        raise InputRefused(f"the folder `{folder}` holds no files")
    return [location_of(path) for path in sorted(files)]


def _remote(url: str) -> list[Location]:
    """Objects by a URL, which may be a folder or a glob of a bucket, through fsspec."""
    scheme = url.partition("://")[0].lower()
    try:
        import fsspec
    except ImportError:
        cause = f"`{url}` is read by fsspec, which is not installed"
        raise InputRefused(cause, "install it with `pip install 'rulewright[remote]'`") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
        if scheme in ("http", "https"):
            paths = [path]
        elif glob.has_magic(path):
            paths = sorted(system.glob(path))
        else:
            paths = sorted(system.find(path)) if system.isdir(path) else [path]
        objects = [_object(system, scheme, path) for path in paths if not _is_mark(path)]
    except ImportError as error:
        raise InputRefused(f"`{url}` needs a library: {error}") from None
    except ValueError as error:
        raise InputRefused(f"`{url}` cannot be read: {error}") from None
    except Exception as error:
        raise _unreadable(url, error) from None
    if not objects:
        raise InputRefused(f"there is nothing at `{url}`")
    return objects


def _is_mark(path: str) -> bool:
    return path.rpartition("/")[2].startswith((".", "_"))


def _object(system: Any, scheme: str, path: str) -> Location:
    name = path if "://" in path else f"{scheme}://{path.lstrip('/')}"
    facts = system.info(path)
    tag = next((str(facts[key]) for key in _TAGS if facts.get(key)), "")
    mark = blake2b(f"{tag} {facts.get('size')}".encode(), digest_size=16).digest()

    def open_object() -> AbstractContextManager[BinaryIO]:
        try:
            file: AbstractContextManager[BinaryIO] = system.open(path, "rb")
        except Exception as error:
            raise _unreadable(name, error) from None
        return file

    return Location(name, open_object, identity=mark)


_TAGS = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "generation", "LastModified", "mtime", "created")
"""What file systems call that which changes with an object, the strongest first."""


def _unreadable(name: str, error: Exception) -> InputRefused:
    """Whatever a library of some store raises, without a traceback."""
    text = str(error).strip() or type(error).__name__
    if isinstance(error, FileNotFoundError):
        # fsspec raises this for every request over HTTP that fails: without a connection, or with any status.
        cause = error.__cause__
        has_no_connection = isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError)
        has_other_status = getattr(cause, "status", 404) != 404
        text = str(cause) if has_no_connection or has_other_status else "no such file"
    return InputRefused(f"`{name}` cannot be read: {text.splitlines()[0]}")
