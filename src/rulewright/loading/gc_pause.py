"""Pauses the garbage collector during work that allocates much and frees little."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_pause() -> Iterator[None]:
    """Pause the collector: rules become a few million objects, all of which stay, so it would search them in vain.

    Objects without references are freed as usual. Inside another pause, or if the program has turned the collector off,
    nothing changes.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    before = gc.get_count()[0]
    try:
        yield
    finally:
        if not _has_frozen():
            objects_made = gc.get_count()[0] - before
            # To be frozen and thawed is to be old: what was made is not looked through as new things are.
            gc.freeze()
            grown = _has_grown(objects_made)
            gc.unfreeze()
            if grown:
                _forget(gc.collect())
        gc.enable()


_frozen = False


def _has_frozen() -> bool:
    """Whether the program has frozen objects of its own, which a thaw would return to the collector.

    Asked until it has: counting walks through all frozen objects, which takes longer than to load short rules.
    """
    global _frozen
    _frozen = _frozen or gc.get_freeze_count() > 0
    return _frozen


_GROWTH = 16
"""Growth by one part in so many is enough to look for what nothing holds any more."""
_least = 0
"""The objects that there were after the last look, or fewer since; 0 before the first pause, which has no past."""
_grown = 0
"""The objects that came since then, or more: what was freed outside of a pause is not taken off."""


def _has_grown(made: int) -> bool:
    """Whether it is time to look for what earlier work left behind: the collector does not count old objects.

    Objects are counted, while they are frozen, only when enough were made: counting walks through all of them.
    """
    global _least, _grown
    _grown += max(0, made)
    if _least and _grown <= _least // _GROWTH:
        return False
    objects = gc.get_freeze_count()
    grown = bool(_least) and objects > _least + _least // _GROWTH
    _least = objects if grown else min(objects, _least or objects)
    _grown = objects - _least
    return grown


def _forget(collected: int) -> None:
    global _least
    _least -= collected
