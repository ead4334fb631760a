"""A profile for a person at a terminal, and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..dsl.syntax.paths import write_filter_path
from ..explain.terminal_columns import Paint
from ..printable import printable
from ..runtime.counted import counted
from .profile import NameProfile, PathProfile, Profile


def as_text(profile: Profile, paint: Paint) -> Iterator[str]:
    """Types with their share, then for each name the paths, the kinds of value, and the share of events."""
    yield summary(profile)
    for kind, count in profile.types().items():
        yield f"  {printable(kind):12} {count:9,}  {_share(count, profile.events)}"
    for (kind, name), shape in sorted(profile.names.items(), key=lambda entry: -entry[1].events):
        quoted = f' "{name}"' if name is not None else ""
        yield ""
        yield f"{paint(printable(f'{kind}{quoted}'), 'strong')}  {counted(shape.events, 'event')}"
        rows = [
            (printable(path_text(path)), kinds_text(at), at.events)
            for path, at in shape.paths.items()
            if not _is_inner(at)
        ]
        width = max((len(path) for path, _, _ in rows), default=0)
        for path, kinds, events in sorted(rows):
            yield f"  {path:{width}}  {_share(events, shape.events)}  {paint(kinds, 'quiet')}"
        if shape.more_paths:
            yield f"  {counted(shape.more_paths, 'value')} at more paths"


def summary(profile: Profile) -> str:
    """The number of events, and what the profile leaves out."""
    parts = [counted(profile.events, "event")]
    parts.extend(profile.unread.sentences())
    if profile.more_names:
        parts.append(f"{counted(profile.more_names, 'event')} with more names are counted by type")
    return "; ".join(parts)


def as_json(profile: Profile) -> dict[str, Any]:
    """`{"events": …, "names": [{"type", "event", "events", "paths": […]}], …}`, with counts of what was left out."""
    return {
        "events": profile.events,
        "unread": len(profile.unread),
        "unread_reasons": profile.unread.reasons(),
        "types": profile.types(),
        "names": [
            {
                "type": kind,
                "event": name,
                "events": shape.events,
                "paths": _paths(shape),
                "more_values": shape.more_paths,
            }
            for (kind, name), shape in sorted(profile.names.items(), key=lambda entry: -entry[1].events)
        ],
        "more_names": profile.more_names,
    }


def _paths(profile: NameProfile) -> list[dict[str, Any]]:
    return [
        {"path": path_text(path), "events": at.events, "kinds": dict(at.kinds.most_common())}
        for path, at in profile.paths.items()
    ]


def path_text(path: Any) -> str:
    """A path as rules write it."""
    return write_filter_path(path, rooted=False)


def kinds_text(at: PathProfile) -> str:
    """`number, null 3 %`: the kinds, the most frequent first."""
    total = at.kinds.total()
    (first, _), *others = at.kinds.most_common()
    return ", ".join([first, *(f"{kind} {_share(number, total).strip()}" for kind, number in others)])


def _is_inner(at: PathProfile) -> bool:
    """Objects and lists are described by their content."""
    return set(at.kinds) <= {"object", "list"}


def _share(part: int, whole: int) -> str:
    share = 100 * part / whole if whole else 0
    return "  <1 %" if 0 < share < 1 else f"{share:4.0f} %"
