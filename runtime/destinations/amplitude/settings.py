"""The settings of the destination, and the addresses that its region leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, get_args

from ....frozen import dataclass
from ...destination import PLACEHOLDER, Variable
from ...opt_outs import OptOuts
from ...settings import read_settings

Region = Literal["north_america", "europe"]
LongStrings = Literal["truncate", "fail"]
BeyondLimit = Literal["repair", "refuse"]
"""The policy for a value that Amplitude does not accept: the smallest change and a warning, or a failure."""
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


DESCRIPTIONS = {
    "apiKey": 'The API key of the Amplitude project, on its page "General".',
    "secretKey": 'The secret key of the Amplitude project, on its page "General". Only for key check and deletion.',
    "endpoint": "The region that data is sent to.",
    "longStrings": "A string of more than 1,024 characters: `truncate` cuts it, `fail` refuses the event. The ID of a "
    "user, a device, an event or a group is never cut: a longer one is refused.",
    "nestedLists": "A list in a list: `repair` sends the inner list as JSON text, `refuse` refuses the event.",
    "deepObjects": "An object nested more than 40 deep: `repair` sends it as JSON text, `refuse` refuses the event. "
    "`$set` and the other operations are not counted.",
    "nonFiniteNumbers": "NaN, Infinity, or a whole number beyond the largest double: `repair` sends null, `refuse` "
    "refuses the event.",
    "extraGroups": "Groups of more than 5 types, more than 10 groups of one type, or a group of more than 1,024 "
    "characters: `repair` sends the first, as Amplitude tracks no others, and leaves the long one out; `refuse` "
    "refuses the event.",
    "largeBodies": "A body of more than 1 MB or 2,000 events, or more than 1,024 properties of a group: `repair` sends "
    "the events of an order, or the properties, in several requests, and a larger event to the batch endpoint, which "
    "takes 20 MB; `refuse` refuses the event. What no endpoint takes is refused.",
    "optOuts": "What happens to an event whose `integrations` or consent opts it out of Amplitude: `honor` drops "
    "it before all rules, `ignore` maps it like any other.",
    "consentCategories": "The consent categories of this destination: an event with "
    "`context.consent.categoryPreferences` needs `true` for each of them.",
}
"""What each setting is for, in the order of the reference page."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "endpoint": get_args(Region),
    "longStrings": get_args(LongStrings),
    **dict.fromkeys(
        ("nestedLists", "deepObjects", "nonFiniteNumbers", "extraGroups", "largeBodies"), get_args(BeyondLimit)
    ),
    "optOuts": get_args(OptOutPolicy),
}
"""The settings that have one of a few values."""
LISTS = frozenset({"consentCategories"})
SECRETS = frozenset({"apiKey", "secretKey"})


@dataclass(frozen=True, slots=True)
class AmplitudeSettings:
    """The settings of the destination, under Segment's keys. Their `repr` shows no secret."""

    apiKey: str | None = field(default=None, repr=False)
    secretKey: str | None = field(default=None, repr=False)
    endpoint: Region = "north_america"
    longStrings: LongStrings = "truncate"
    nestedLists: BeyondLimit = "repair"
    deepObjects: BeyondLimit = "repair"
    nonFiniteNumbers: BeyondLimit = "repair"
    extraGroups: BeyondLimit = "repair"
    largeBodies: BeyondLimit = "repair"
    optOuts: OptOutPolicy = "honor"
    consentCategories: tuple[str, ...] = ()

    def url(self, endpoint: str) -> str:
        """The address of an endpoint in the region of these settings."""
        return ENDPOINTS[endpoint][self.endpoint]

    @property
    def key(self) -> str:
        """The API key as it goes into a request, or the placeholder."""
        return PLACEHOLDER if self.apiKey is None else self.apiKey


VARIABLES = (
    Variable("AMPLITUDE_API_KEY", "apiKey", needed_by="send"),
    Variable("AMPLITUDE_SECRET_KEY", "secretKey", needed_by="amplitude delete-user"),
    Variable("AMPLITUDE_ENDPOINT", "endpoint"),
)


def settings_of(given: AmplitudeSettings | Mapping[str, Any] | None = None) -> AmplitudeSettings:
    """Settings from `given` by key, and from the environment for keys that are not given.

    The keys and the region count as not given if they are null or empty, as in exported settings. Raises ValueError for
    a setting that does not exist or has a wrong value; its text quotes no value.
    """
    if isinstance(given, AmplitudeSettings):
        return given
    values = read_settings("amplitude", given, VARIABLES, DESCRIPTIONS, setting_problem)
    values |= {key: tuple(values[key]) for key in LISTS & values.keys()}
    return AmplitudeSettings(**values)


def opt_outs_of(settings: AmplitudeSettings) -> OptOuts | None:
    """What opts an event out of Amplitude; None if the settings ignore opt-outs."""
    return None if settings.optOuts == "ignore" else OptOuts(INTEGRATIONS, settings.consentCategories)


def setting_problem(key: str, value: Any) -> str | None:
    """What is wrong with the value of a setting, which the text does not show; None if nothing is wrong."""
    if key in LISTS:
        is_list = isinstance(value, list | tuple | set | frozenset) and all(isinstance(text, str) for text in value)
        return None if is_list else "expected a list of strings"
    if choices := CHOICES.get(key):
        is_choice = isinstance(value, str) and value in choices
        return None if is_choice else f"expected {' or '.join(map(repr, choices))}"
    return None if value is None or isinstance(value, str) else "expected a string"
