"""Work that builds much and throws little away, done without the garbage collector looking through it all the time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_pause() -> Iterator[None]:
    """Rules become a few million objects that all stay, and looking through them again and again found nothing.

    What reference counts free is freed all the same. Inside of another one, and where the program has switched the
    collector off itself, nothing changes.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            # To be frozen and thawed is to be old: what was made is not looked through as new things are.
            gc.freeze()
            objects = gc.get_freeze_count()
            gc.unfreeze()
            _collect_when_grown(objects)
        gc.enable()


_GROWTH = 16
"""Growth by one part in so many is enough to look for what nothing holds any more."""
_least = 0
"""The objects that there were after the last look, or fewer since; 0 before the first pause, which has no past."""


def _collect_when_grown(objects: int) -> None:
    """Frees what earlier work left behind: the collector does not count objects that are old from the start."""
    global _least
    if _least and objects > _least + _least // _GROWTH:
        _least = objects - gc.collect()
    else:
        _least = min(objects, _least or objects)
