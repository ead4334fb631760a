"""`python -m differential.record`: asks Segment's own code about the recorded cases again, and keeps its answers."""

from __future__ import annotations

import click

from .comparison import compare_mapping, compare_trigger
from .recorded import Recording, calls, cases
from .requests import compare_requests


@click.command()
def main() -> None:
    """Writes Segment's answers to all that the tests ask; needs Node, as `make differential` does."""
    with Recording() as reference:
        for trigger, mapping, events in cases():
            compare_trigger(reference, trigger, events)
            compare_mapping(reference, mapping, events)
        compare_requests(reference, calls())
        reference.write()


if __name__ == "__main__":
    main()
