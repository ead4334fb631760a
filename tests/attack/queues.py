"""Damaged queues: `python -m tests.attack.queues --seconds 60 --seed 1`.

A queue is filled, closed or left as by a killed sender, and bytes of its files are changed, moved, cut off or removed.
A case is wrong if anything but a QueueProblem comes out of `deliver`, `status` or the export of dead letters, or if a
delivery ends well while the accounts of the queue do not add up.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from rulewright.runtime.delivery.dead_letter_export import letter_line
from rulewright.runtime.delivery.deliver import Options, Stopper, deliver
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue_status import dead_letters, pending, revive, status
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.exchange import FakeExchange
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.simulation import KEY, track
from tests.runtime.delivery.store.filled_queues import PAGE, crashed, filled

from .trials import Part, Wrong, main

ENDS = ("", "", "", "-wal", "-wal", ".mark", "-shm", ".lock")


class Damage(NamedTuple):
    """One change of a file of the queue: `end` is that of its name, `at` and `to` are places modulo its size."""

    end: str
    kind: str
    at: int
    to: int
    more: bytes


class Case(NamedTuple):
    killed: bool
    recover: bool
    damages: tuple[Damage, ...]


def make(random: Random) -> Case:
    damages = tuple(
        Damage(
            random.choice(ENDS),
            random.choice(("flip", "flip", "write", "write", "swap", "move", "cut", "zero", "remove", "empty", "link")),
            random.randrange(1 << 24) if random.random() < 0.6 else random.randrange(200),
            random.randrange(1 << 24),
            random.randbytes(random.choice((1, 4, 100, PAGE))),
        )
        for _ in range(random.choice((1, 1, 1, 2, 5)))
    )
    return Case(random.random() < 0.5, random.random() < 0.2, damages)


def smaller(case: Case) -> Iterator[Case]:
    for index in range(len(case.damages)):
        yield case._replace(damages=(*case.damages[:index], *case.damages[index + 1 :]))
    for index, damage in enumerate(case.damages):
        if len(damage.more) > 1:
            half = damage._replace(more=damage.more[: len(damage.more) // 2])
            yield case._replace(damages=(*case.damages[:index], half, *case.damages[index + 1 :]))


@cache
def template(killed: bool) -> Path:
    """A folder with a queue, which cases copy."""
    folder = Path(tempfile.mkdtemp(prefix="rulewright-attack-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (crashed if killed else filled)(folder / "queue.db", commits=3)
    return folder


def damaged(path: Path, damage: Damage) -> None:
    """Change a file; what is not there stays so."""
    if damage.kind == "remove" or not path.is_file():
        path.unlink(missing_ok=True)
        return
    content = bytearray(path.read_bytes()) or bytearray(1)
    at, to = damage.at % len(content), damage.to % len(content)
    match damage.kind:
        case "flip":
            content[at] ^= 1 << to % 8
        case "write":
            content[at : at + len(damage.more)] = damage.more
        case "swap" | "move":
            first, second = at // PAGE * PAGE, to // PAGE * PAGE
            page = content[first : first + PAGE]
            if damage.kind == "swap":
                content[first : first + PAGE] = content[second : second + PAGE]
            content[second : second + PAGE] = page
        case "cut":
            del content[at:]
        case "zero":
            content[at : at + PAGE] = bytes(len(content[at : at + PAGE]))
        case "empty":
            content.clear()
        case "link":
            path.unlink()
            path.symlink_to("elsewhere")
            return
    path.write_bytes(content)


def attack(case: Case) -> str:
    """One case. Raises what it must not raise."""
    path = Path("queue.db").absolute()
    for file in template(case.killed).iterdir():
        if file.name.startswith("queue.db"):
            shutil.copy(file, path.with_name(file.name))
    for damage in case.damages:
        damaged(Path(f"{path}{damage.end}"), damage)
    _looked_at(path)
    stopper = Stopper()
    adapter = AmplitudeDelivery(Keys(KEY))
    exchange = FakeExchange(FakeAmplitude())
    options = Options(recover=case.recover)
    try:
        report = deliver(track, None, queue=path, adapter=adapter, exchange=exchange, stopper=stopper, options=options)
    except QueueProblem as problem:
        if not str(problem).isprintable():
            raise Wrong(f"a control character is shown: {problem!r}") from None
        return "refused"
    if report.stopped is not None:
        return "stopped"
    counts = status(path, 0.0)
    if not counts.balanced or counts.lost or counts.pending:
        raise Wrong(f"the delivery ended well, but the accounts do not add up: {counts}")
    _looked_at(path)
    return "delivered"


def _looked_at(path: Path) -> None:
    try:
        status(path, 0.0)
        pending(path, 10)
        for letter in dead_letters(path):
            json.loads(letter_line(letter))
        revive(path, "no such code")
    except QueueProblem:
        return


PART = Part("damaged queues", make, attack, smaller)


if __name__ == "__main__":
    sys.exit(main(PART))
