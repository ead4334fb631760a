"""The settings of the destination, and the addresses that its region leads to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from ...destination import PLACEHOLDER, Variable
from ...opt_outs import OptOuts

Region = Literal["north_america", "europe"]
LongStrings = Literal["truncate", "fail"]
BeyondLimit = Literal["repair", "refuse"]
"""What becomes of a value that Amplitude does not take: a warning and the least change that it takes, or a failure."""
OptOutPolicy = Literal["honor", "ignore"]

INTEGRATIONS = ("Actions Amplitude", "Amplitude (Actions)", "Amplitude")
"""The names of the destination in an event's `integrations` object: Segment's own name for it, the name in its catalog,
and that of Amplitude Classic, which older sources still send."""

ENDPOINTS: Mapping[str, Mapping[Region, str]] = {
    "httpapi": {
        "north_america": "https://api2.amplitude.com/2/httpapi",
        "europe": "https://api.eu.amplitude.com/2/httpapi",
    },
    "batch": {"north_america": "https://api2.amplitude.com/batch", "europe": "https://api.eu.amplitude.com/batch"},
    "identify": {
        "north_america": "https://api2.amplitude.com/identify",
        "europe": "https://api.eu.amplitude.com/identify",
    },
    "groupidentify": {
        "north_america": "https://api2.amplitude.com/groupidentify",
        "europe": "https://api.eu.amplitude.com/groupidentify",
    },
    "usermap": {"north_america": "https://api.amplitude.com/usermap", "europe": "https://api.eu.amplitude.com/usermap"},
    "deletions": {
        "north_america": "https://amplitude.com/api/2/deletions/users",
        "europe": "https://analytics.eu.amplitude.com/api/2/deletions/users",
    },
    "usersearch": {
        "north_america": "https://amplitude.com/api/2/usersearch",
        "europe": "https://analytics.eu.amplitude.com/api/2/usersearch",
    },
}


class Settings(BaseModel):
    """By Segment's own keys. Secrets are hidden in every text that is made of them, and never quoted in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    apiKey: SecretStr | None = Field(
        None, title="API Key", description='The API key of the Amplitude project, on its page "General".'
    )
    secretKey: SecretStr | None = Field(
        None,
        title="Secret Key",
        description='The secret key of the Amplitude project, on its page "General". Only for key check and deletion.',
    )
    endpoint: Region = Field("north_america", title="Endpoint Region", description="The region that data is sent to.")
    longStrings: LongStrings = Field(
        "truncate",
        title="Long Strings",
        description="A string of more than 1,024 characters: `truncate` cuts it, `fail` refuses the event. The ID of a "
        "user, a device, an event or a group is never cut: a longer one is refused.",
    )
    nestedLists: BeyondLimit = Field(
        "repair",
        title="Nested Lists",
        description="A list in a list: `repair` sends the inner list as JSON text, `refuse` refuses the event.",
    )
    deepObjects: BeyondLimit = Field(
        "repair",
        title="Deep Objects",
        description="An object nested more than 40 deep: `repair` sends it as JSON text, `refuse` refuses the event. "
        "`$set` and the other operations are not counted.",
    )
    nonFiniteNumbers: BeyondLimit = Field(
        "repair",
        title="Non-finite Numbers",
        description="NaN, Infinity, or a whole number beyond the largest double: `repair` sends null, `refuse` refuses "
        "the event.",
    )
    extraGroups: BeyondLimit = Field(
        "repair",
        title="Extra Groups",
        description="Groups of more than 5 types, or more than 10 groups of one type: `repair` sends the first, as "
        "Amplitude tracks no others, `refuse` refuses the event.",
    )
    largeBodies: BeyondLimit = Field(
        "repair",
        title="Large Bodies",
        description="A body of more than 1 MB or 2,000 events: `repair` sends the events of an order in several "
        "requests, and a larger event to the batch endpoint, which takes 20 MB; `refuse` refuses the event. What no "
        "endpoint takes is refused.",
    )

    optOuts: OptOutPolicy = Field(
        "honor",
        title="Opt-Outs",
        description="What becomes of an event whose `integrations` or consent opts it out of Amplitude: `honor` drops "
        "it before all rules, `ignore` maps it like any other.",
    )
    consentCategories: tuple[str, ...] = Field(
        (),
        title="Consent Categories",
        description="The consent categories of this destination: an event with `context.consent.categoryPreferences` "
        "needs `true` for each of them.",
    )

    def url(self, endpoint: str) -> str:
        """The address of an endpoint in the region of these settings."""
        return ENDPOINTS[endpoint][self.endpoint]

    @property
    def key(self) -> str:
        """The API key as it goes into a request, or the placeholder."""
        return PLACEHOLDER if self.apiKey is None else self.apiKey.get_secret_value()


VARIABLES = (
    Variable("AMPLITUDE_API_KEY", "apiKey", needed_by="send"),
    Variable("AMPLITUDE_SECRET_KEY", "secretKey", needed_by="amplitude delete-user"),
    Variable("AMPLITUDE_ENDPOINT", "endpoint"),
)
ENVIRONMENT = {variable.name: variable.setting for variable in VARIABLES}
CHOICES: Mapping[str, tuple[str, ...]] = {
    name: get_args(declared.annotation)
    for name, declared in Settings.model_fields.items()
    if get_origin(declared.annotation) is Literal
}
LISTS = frozenset({"consentCategories"})
SECRETS = frozenset({"apiKey", "secretKey"})


def settings_of(given: Settings | Mapping[str, Any] | None = None) -> Settings:
    """Settings from arguments and, for those not given, from the environment. Raises ValueError; it quotes no value.

    One of Segment's own settings that is null or empty, as exported settings have it, is not given.
    """
    if isinstance(given, Settings):
        return given
    own = ENVIRONMENT.values()
    explicit = {key: value for key, value in (given or {}).items() if key not in own or value not in (None, "")}
    variables = {key: name for name, key in ENVIRONMENT.items() if os.environ.get(name) and key not in explicit}
    try:
        return Settings.model_validate({key: os.environ[name] for key, name in variables.items()} | explicit)
    except ValidationError as error:
        problems = "; ".join(_problem(one, variables) for one in error.errors(include_input=False))
        raise ValueError(f"settings of amplitude: {problems}") from None


def opt_outs_of(settings: Settings) -> OptOuts | None:
    """What opts an event out of Amplitude; None where that is to be ignored."""
    return None if settings.optOuts == "ignore" else OptOuts(INTEGRATIONS, settings.consentCategories)


def _problem(error: ErrorDetails, variables: Mapping[str, str]) -> str:
    """What is wrong with one setting, without its value, which may be a secret."""
    name = str(error["loc"][0])
    shown = variables.get(name, name)
    choices = CHOICES.get(name)
    match error["type"]:
        case "extra_forbidden":
            by_spelling = {_spelling(known): known for known in Settings.model_fields}
            close = get_close_matches(_spelling(name), by_spelling, 1)
            known = ", ".join(Settings.model_fields)
            return f"{name}: no such setting; " + (
                f"did you mean `{by_spelling[close[0]]}`?" if close else f"there are: {known}"
            )
        case "literal_error" if choices:
            return f"{shown}: expected {' or '.join(map(repr, choices))}"
        case "string_type":
            return f"{shown}: expected a string"
        case "invalid_key":
            return f"{name}: expected a name that is a string"
        case _:
            return f"{shown}: {error['msg']}"


def _spelling(name: str) -> str:
    """A name as it is compared: `api_key`, `API-Key` and `apiKey` are one."""
    return name.replace("_", "").replace("-", "").lower()
