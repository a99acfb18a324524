"""A wrong setting stops the start with its name and the fix, and never shows a secret."""

import base64

import pytest

from core.settings import BadSettings, Settings, load, need

KEYS = "k1:" + base64.b64encode(b"k" * 32).decode()
SECRET = "s" * 40


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with what must be set and nothing else."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"REDRESS_{name.upper()}", raising=False)
    monkeypatch.setenv("REDRESS_KEYS", KEYS)
    monkeypatch.setenv("REDRESS_SECRET", SECRET)


def test_keys_and_a_secret_are_enough_to_start() -> None:
    settings = load()
    assert settings.database_url.startswith("sqlite:")
    assert settings.vault is not None


def test_every_missing_setting_is_named_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDRESS_KEYS")
    monkeypatch.delenv("REDRESS_SECRET")
    with pytest.raises(BadSettings) as stopped:
        load()
    told = str(stopped.value)
    assert "REDRESS_KEYS: " in told
    assert "REDRESS_SECRET: " in told
    assert "redress keys" in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEYS", "k1:tooshort"),
        ("KEYS", "no-name-at-all"),
        ("SECRET", "short"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("MARKET_URL", "ftp://files"),
        ("MARKET_TIMEOUT", "-7.25"),
        ("API_LIMIT", "many"),
        ("DURABLE", "perhaps"),
    ],
)
def test_wrong_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"REDRESS_{name}", value)
    with pytest.raises(BadSettings) as stopped:
        load()
    line = next(x for x in str(stopped.value).splitlines() if f"REDRESS_{name}:" in x)
    assert value not in line


@pytest.mark.parametrize("url", ["https://practice.example/", "http://127.0.0.1:8000", ""])
def test_practice_desk_is_reached_by_https_or_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("REDRESS_PRACTICE_URL", url)
    monkeypatch.setenv("REDRESS_PRACTICE_SECRET", SECRET if url else "")
    assert load().practice_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "secret", "wrong"),
    [
        ("http://practice.example", SECRET, "URL"),
        ("practice.example", SECRET, "URL"),
        ("https://", SECRET, "URL"),
        ("https://practice.example", "", "SECRET"),
        ("", SECRET, "SECRET"),
        ("https://practice.example", "s" * 31, "SECRET"),
    ],
)
def test_practice_needs_an_address_and_a_secret_both_sound(
    monkeypatch: pytest.MonkeyPatch, url: str, secret: str, wrong: str
) -> None:
    monkeypatch.setenv("REDRESS_PRACTICE_URL", url)
    monkeypatch.setenv("REDRESS_PRACTICE_SECRET", secret)
    with pytest.raises(BadSettings, match=f"REDRESS_PRACTICE_{wrong}: "):
        load()


def test_command_that_needs_more_names_all_of_it() -> None:
    with pytest.raises(BadSettings, match="REDRESS_SLACK_SIGNING_SECRET, REDRESS_SLACK_BOT_TOKEN"):
        need(load(), "slack_signing_secret", "slack_bot_token")
