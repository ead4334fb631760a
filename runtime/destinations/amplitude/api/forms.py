"""The Identify API, the Group Identify API and the User Mapping API: calls, and the forms that carry them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from ..large_bodies import count_of_properties
from ..limits import MOST_GROUP_PROPERTIES
from .events import NO_ID, Device
from .values import ApiKey, Changes, Filled, Groups, Id, Milliseconds, Model, Options


class Identification(Device):
    """Properties of a user."""

    user_id: Id | None = None
    device_id: Id | None = None
    user_properties: Changes | None = None
    groups: Groups | None = None
    time: Milliseconds | None = None
    insert_id: str | None = None
    paying: bool | str | None = None
    start_version: str | None = None

    @model_validator(mode="after")
    def _belongs_to_somebody(self) -> Self:
        if self.user_id is None and self.device_id is None:
            raise PydanticCustomError(NO_ID, "has neither `user_id` nor `device_id`")
        return self


class GroupIdentification(Model):
    """Properties of a group."""

    group_type: Filled
    group_value: Filled
    group_properties: Changes | None = None


class UserMapping(Model):
    """Two user IDs that are one person, or one that is to be taken apart again."""

    user_id: Id
    global_user_id: Id | None = None
    unmap: bool | None = None

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        if self.global_user_id is None and not self.unmap:
            raise PydanticCustomError(NO_ID, "has no `global_user_id`")
        return self


class IdentifyRequest(Model):
    """The form of a request to `/identify`."""

    api_key: ApiKey
    identification: Annotated[list[Identification], Field(min_length=1)]
    options: Options | None = None


class GroupIdentifyRequest(Model):
    """The form of a request to `/groupidentify`."""

    api_key: ApiKey
    identification: Annotated[list[GroupIdentification], Field(min_length=1)]
    options: Options | None = None

    @model_validator(mode="after")
    def _has_few_properties(self) -> Self:
        count = sum(count_of_properties(call.group_properties or {}) for call in self.identification)
        if count > MOST_GROUP_PROPERTIES:
            raise PydanticCustomError("too_many_properties", "sets {count} properties", {"count": count})
        return self


class UserMapRequest(Model):
    """The form of a request to `/usermap`."""

    api_key: ApiKey
    mapping: Annotated[list[UserMapping], Field(min_length=1)]
    options: Options | None = None
