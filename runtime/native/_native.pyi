from collections.abc import Callable
from typing import Any

MOST_NODES: int
MOST_RESULTS: int

class Table:
    def __new__(
        cls,
        plain: Callable[..., Any] | None,
        missing: object,
        nodes: tuple[type, ...],
        results: tuple[Any, ...],
        required: tuple[str, ...],
        rows: tuple[
            tuple[int, int, tuple[tuple[int, Any], ...], tuple[tuple[int, str | None], ...], Table | None], ...
        ],
        /,
    ) -> Table: ...
    def __call__(self, event: Any, build: Callable[..., Any] = ..., /) -> Any: ...
    @property
    def __wrapped__(self) -> Callable[..., Any]: ...

def iso_milliseconds(value: Any, /) -> int | None: ...
def is_plain(value: Any, longest: int, levels: int, nested_lists: bool, /) -> bool: ...
def surely_fits(longest: int, levels: int, most_bytes: int, value: Any, /) -> bool: ...
def holds_false(event: dict[str, Any], key: str, /) -> bool: ...
