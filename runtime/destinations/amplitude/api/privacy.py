"""The User Privacy API: a job that deletes users."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from .values import Filled, Model

MOST_IDS = 100


class DeletionRequest(Model):
    """The body of a request to `/api/2/deletions/users`; the keys are in its headers."""

    user_ids: Annotated[list[Filled], Field(max_length=MOST_IDS)] | None = None
    amplitude_ids: Annotated[list[int], Field(max_length=MOST_IDS)] | None = None
    requester: str | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.user_ids and not self.amplitude_ids:
            raise PydanticCustomError("missing_ids", "has neither `user_ids` nor `amplitude_ids`")
        return self
