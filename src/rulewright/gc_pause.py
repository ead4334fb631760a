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
            gc.unfreeze()
        gc.enable()
