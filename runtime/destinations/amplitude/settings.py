"""The settings of the destination, and the addresses that its region leads to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

Region = Literal["north_america", "europe"]
LongStrings = Literal["fail", "truncate"]

PLACEHOLDER = "API_KEY"
"""Stands in requests where no key is known: mapping needs none, and sending refuses it."""

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
        "fail",
        title="Long Strings",
        description="What becomes of a string of more than 1,024 characters: `fail` refuses the event and says which "
        "string, `truncate` cuts it.",
    )

    def url(self, endpoint: str) -> str:
        """The address of an endpoint in the region of these settings."""
        return ENDPOINTS[endpoint][self.endpoint]

    @property
    def key(self) -> str:
        """The API key as it goes into a request, or the placeholder."""
        return PLACEHOLDER if self.apiKey is None else self.apiKey.get_secret_value()


ENVIRONMENT = {
    "AMPLITUDE_API_KEY": "apiKey",
    "AMPLITUDE_SECRET_KEY": "secretKey",
    "AMPLITUDE_ENDPOINT": "endpoint",
}
CHOICES: Mapping[str, tuple[str, ...]] = {"endpoint": get_args(Region), "longStrings": get_args(LongStrings)}
SECRETS = frozenset({"apiKey", "secretKey"})


def settings_of(given: Settings | Mapping[str, Any] | None = None) -> Settings:
    """Settings from arguments and, for those not given, from the environment. Raises ValueError; it quotes no value."""
    if isinstance(given, Settings):
        return given
    explicit = dict(given or {})
    variables = {key: name for name, key in ENVIRONMENT.items() if os.environ.get(name) and key not in explicit}
    try:
        return Settings.model_validate({key: os.environ[name] for key, name in variables.items()} | explicit)
    except ValidationError as error:
        problems = "; ".join(
            f"{variables.get(str(one['loc'][0]), '.'.join(map(str, one['loc'])))}: {one['msg']}"
            for one in error.errors(include_input=False)
        )
        raise ValueError(f"settings of amplitude: {problems}") from None
