from collections.abc import Callable
from typing import Any

MOST_NODES: int

class Table:
    def __new__(
        cls,
        plain: Callable[[Any], tuple[Any, ...]],
        missing: object,
        nodes: int,
        results: tuple[dict[str, Any] | None, ...],
        rows: tuple[tuple[int, int, tuple[tuple[int, Any], ...], tuple[tuple[int, str | None], ...]], ...],
        /,
    ) -> Table: ...
    def __call__(self, event: Any, /) -> tuple[Any, ...]: ...
    @property
    def __wrapped__(self) -> Callable[[Any], tuple[Any, ...]]: ...

def iso_milliseconds(value: Any, /) -> int | None: ...
