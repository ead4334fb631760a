"""What proving costs: rules of every sort of trigger, all pairs compared. `python -m benchmarks.proofs [mappings]`."""

from __future__ import annotations

import sys
import time

from rulewright.checks.proving import prove
from rulewright.loading.pipeline import check_files, read


def rules(count: int) -> str:
    """So many mappings, whose triggers use equality, globs, intervals, alternatives and negation by turns."""
    text = ["destination amplitude"]
    for number in range(count):
        trigger = (
            f'type = "track" and event = "Event {number}"',
            f'type = "track" and match(event, "*{number}?x*")',
            f'type in ["page", "screen"] and properties.n > {number} and properties.n <= {number + 1}',
            f'type = "track" and (contains(event, "E{number}") or event = "Z{number}") and !match(event, "Order*")',
            f'type = "identify" and traits.plan = "p{number}" or type = "group" and traits.n = {number}',
        )[number % 5]
        body = f'  when {trigger}\n  use defaults\n  event_type = "x"\n  on conflict fold'
        text.append(f'mapping "M{number}" -> logEventV2 {{\n{body}\n}}')
    return "\n".join(text)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    files = read(rules(count))
    program, diagnostics = check_files(files)
    started = time.perf_counter()
    analysis = prove(files, program, diagnostics)
    seconds = time.perf_counter() - started
    findings, undecided = len(analysis.findings), len(analysis.undecided)
    sys.stdout.write(f"{count} mappings proved in {seconds:.2f} s: {findings} findings, {undecided} undecided\n")


if __name__ == "__main__":
    main()
