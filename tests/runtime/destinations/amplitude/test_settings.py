"""Settings come from arguments or from the environment, and their secrets are shown nowhere."""

from __future__ import annotations

from dataclasses import fields

import pytest

from rulewright.runtime.destination import PLACEHOLDER
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.destinations.amplitude.settings import (
    CHOICES,
    DESCRIPTIONS,
    LISTS,
    SECRETS,
    AmplitudeSettings,
    settings_of,
)

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMPLITUDE_API_KEY", "AMPLITUDE_SECRET_KEY", "AMPLITUDE_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_key_requests_hold_the_placeholder() -> None:
    assert settings_of().key == PLACEHOLDER


def test_the_environment_fills_what_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_API_KEY", SECRET)
    monkeypatch.setenv("AMPLITUDE_ENDPOINT", "europe")
    assert settings_of().key == SECRET
    assert settings_of({"apiKey": "mine"}).key == "mine"
    assert settings_of().url("identify") == "https://api.eu.amplitude.com/identify"
    assert settings_of({"endpoint": "north_america"}).url("identify") == "https://api2.amplitude.com/identify"


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_setting_is_not_given_as_segment_takes_it(empty: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"apiKey": empty, "secretKey": empty, "endpoint": empty}
    assert settings_of(given) == settings_of()
    assert settings_of(given).endpoint == "north_america"
    monkeypatch.setenv("AMPLITUDE_ENDPOINT", "europe")
    assert settings_of(given).endpoint == "europe"
    with pytest.raises(ValueError, match="longStrings"):
        settings_of({"longStrings": empty})


def test_no_text_of_settings_shows_a_secret() -> None:
    settings = settings_of({"apiKey": SECRET, "secretKey": SECRET})
    assert SECRET not in f"{settings!r} {settings}"


def test_each_setting_is_described() -> None:
    assert [field.name for field in fields(AmplitudeSettings)] == list(DESCRIPTIONS)
    assert CHOICES.keys() | LISTS | SECRETS == DESCRIPTIONS.keys()


@pytest.mark.parametrize("given", [["ads"], ("ads",), {"ads"}, frozenset({"ads"})])
def test_a_list_may_be_any_collection_of_texts(given: object) -> None:
    assert settings_of({"consentCategories": given}).consentCategories == ("ads",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"endpoint": "NONE"}, "endpoint: expected 'north_america' or 'europe'"),
        ({"endpoint": "asia"}, "endpoint: expected 'north_america' or 'europe'"),
        ({"apiKey": [SECRET]}, "apiKey: expected a string"),
        ({"apiKey": 5}, "apiKey: expected a string"),
        ({"api_key": SECRET}, "api_key: no such setting; did you mean `apiKey`?"),
        ({"apikey": SECRET}, "apikey: no such setting; did you mean `apiKey`?"),
        ({"Secret-Key": SECRET}, "Secret-Key: no such setting; did you mean `secretKey`?"),
        ({"endpiont": "europe"}, "endpiont: no such setting; did you mean `endpoint`?"),
        ({"colour": SECRET}, f"colour: no such setting; there are: {', '.join(DESCRIPTIONS)}"),
        ({5: SECRET}, "5: expected a name that is a string"),
        ({"longStrings": "maybe"}, "longStrings: expected 'truncate' or 'fail'"),
        ({"nestedLists": "fail"}, "nestedLists: expected 'repair' or 'refuse'"),
        ({"longStrings": ["fail"]}, "longStrings: expected 'truncate' or 'fail'"),
        ({"longStrings": None}, "longStrings: expected 'truncate' or 'fail'"),
        ({"consentCategories": "ads"}, "consentCategories: expected a list of strings"),
        ({"consentCategories": {"ads": True}}, "consentCategories: expected a list of strings"),
        ({"consentCategories": ["ads", SECRET.encode()]}, "consentCategories: expected a list of strings"),
        (
            {"apiKey": 5, "foo": 1},
            f"apiKey: expected a string; foo: no such setting; there are: {', '.join(DESCRIPTIONS)}",
        ),
    ],
)
def test_an_error_names_the_setting_and_quotes_no_value(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="settings of amplitude: ") as error:
        settings_of(given)
    assert str(error.value) == f"settings of amplitude: {said}"
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None


def test_an_error_names_the_variable_that_a_setting_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLITUDE_ENDPOINT", "asia")
    with pytest.raises(ValueError, match="AMPLITUDE_ENDPOINT: expected 'north_america' or 'europe'"):
        settings_of()
    assert settings_of({"endpoint": "europe"}).endpoint == "europe"


def test_the_destination_knows_its_settings_and_which_are_secret() -> None:
    destination = DESTINATIONS["amplitude"]
    limits = {"longStrings", "nestedLists", "deepObjects", "nonFiniteNumbers", "largeBodies", "extraGroups"}
    opt_outs = {"optOuts", "consentCategories"}
    assert destination.setting_names == {"apiKey", "secretKey", "endpoint"} | limits | opt_outs
    assert destination.setting_choices.keys() == {"endpoint", "optOuts"} | limits
    assert destination.secrets == {"apiKey", "secretKey"}
    assert destination.settings({"endpoint": "europe"}).endpoint == "europe"
