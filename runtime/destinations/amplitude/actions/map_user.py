"""Map User: two user IDs that are one person."""

from __future__ import annotations

from ....action import Action, Binding, Build
from ....fields.declaration import Payload, described, fields_of
from ....outcome import Refused, Request
from ....semantics.event import JsonObject
from .. import limits
from ..objects import MIN_ID_LENGTH, SOURCE
from ..request_builder import RequestBuilder


class MapUser(Payload):
    """The payload."""

    user_id: str | None = described("User ID", "The user ID to associate.", visible=True)
    global_user_id: str | None = described("Global User ID", "The user ID to associate it with.", visible=True)
    min_id_length: int | None = described("Minimum ID Length", MIN_ID_LENGTH, nullable=True)


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one request with one user mapping.

    With checks on, it raises Refused if an ID is missing, or is one that Amplitude does not accept.
    """
    builder = RequestBuilder(binding, "mapUser")
    url, checks = builder.url("usermap"), builder.checks

    def build(payload: JsonObject) -> list[Request]:
        min_id_length = payload.get("min_id_length")
        if checks:
            shortest = limits.shortest_id(min_id_length)
            for field in ("user_id", "global_user_id"):
                if not payload.get(field):
                    raise Refused("no_id", "has no value, and a user mapping needs both IDs", field)
                limits.check_id(payload[field], field, shortest)
        return [builder.form(url, "mapping", [payload], min_id_length)]

    return build


ACTION = Action(
    name="mapUser",
    title="Map User",
    description="Merge two users who would otherwise be tracked under different user IDs.",
    trigger='type = "alias"',
    fields=fields_of(MapUser),
    bind=bind,
    source=SOURCE,
)
