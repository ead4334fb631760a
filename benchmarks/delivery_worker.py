"""Our side of `benchmarks.delivery`, as a process of its own."""

from __future__ import annotations

import sys

from .delivery import work

if __name__ == "__main__":
    work(*sys.argv[1:])
