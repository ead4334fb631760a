"""Coverage as lcov's tracefile, which editors and build servers read: an item is a branch of its line."""

from __future__ import annotations

from ...trace.node_key import NodeKey
from .coverage import Coverage
from .coverage_items import CoverageItem


def lcov(coverages: list[Coverage]) -> str:
    """One record for each rule file. Source of the format: the manual page of geninfo."""
    lines: list[str] = []
    for coverage in coverages:
        by_file: dict[str, list[CoverageItem]] = {}
        for item in coverage.items:
            if item not in coverage.impossible:
                by_file.setdefault(item.span.source.name, []).append(item)
        for name, items in by_file.items():
            lines += ["TN:", f"SF:{name}", *_record(coverage, items), "end_of_record"]
    return "".join(f"{line}\n" for line in lines)


def _record(coverage: Coverage, items: list[CoverageItem]) -> list[str]:
    branches: list[str] = []
    hits: dict[int, int] = {}
    blocks: dict[NodeKey, tuple[int, int]] = {}
    for item in sorted(items, key=lambda item: item.span.start):
        taken = coverage.hits(item)
        block, branch = blocks.get(item.node, (len(blocks), 0))
        blocks[item.node] = (block, branch + 1)
        looked = any(coverage.hits(branch_item) for branch_item in items if branch_item.node == item.node)
        branches.append(f"BRDA:{item.span.line},{block},{branch},{taken if looked else '-'}")
        hits[item.span.line] = hits.get(item.span.line, 0) + taken
    return [
        *branches,
        f"BRF:{len(branches)}",
        f"BRH:{sum(coverage.hits(item) > 0 for item in items)}",
        *(f"DA:{line},{taken}" for line, taken in sorted(hits.items())),
        f"LF:{len(hits)}",
        f"LH:{sum(taken > 0 for taken in hits.values())}",
    ]
