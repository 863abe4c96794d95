"""Settings: environment over file, typos refused, secrets never printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantshark import settings
from quantshark.errors import SettingsError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    monkeypatch.chdir(tmp_path)


def test_load_with_nothing_set() -> None:
    found = settings.load()
    assert found.home == Path(".quantshark")
    assert found.store_url == "sqlite:///.quantshark/quantshark.db"
    assert found.site_url == "https://quantshark.io"
    assert not found.llm.configured


def test_load_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "quantshark.toml").write_text(
        'site_url = "https://file.example/"\nhome = "desk"\n[llm]\nmodel = "small"\nbase_url = "http://127.0.0.1:8080/v1"\n'
    )
    monkeypatch.setenv("QUANTSHARK_SITE_URL", "https://shell.example/")
    monkeypatch.setenv("QUANTSHARK_LLM__API_KEY", "sk-1")
    found = settings.load()
    assert found.site_url == "https://shell.example"
    assert found.home == Path("desk")
    assert (found.llm.model, found.llm.base_url) == ("small", "http://127.0.0.1:8080/v1")
    assert found.llm.api_key.get_secret_value() == "sk-1"
    assert found.llm.configured


def test_load_given_wins_over_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTSHARK_HOME", "shell")
    assert settings.load(home="given").home == Path("given")


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTSHARK_LLM__API_KEY", "sk-very-secret")
    monkeypatch.setenv("QUANTSHARK_DATABASE_URL", "postgresql://me:hunter2@db/quantshark")
    printed = repr(settings.load()) + str(settings.load()) + settings.load().model_dump_json()
    assert "sk-very-secret" not in printed
    assert "hunter2" not in printed


def test_typo_in_environment_is_refused_with_the_right_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTSHARK_LLM__MODLE", "x")
    with pytest.raises(SettingsError, match="did you mean QUANTSHARK_LLM__MODEL"):
        settings.load()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('site = "https://x.example"', "no such setting"),
        ('[llm]\nmodle = "x"', "no such setting"),
        ('site_url = "not an address"', "mend QUANTSHARK_SITE_URL"),
        ('[llm]\nbase_url = "localhost"', "mend QUANTSHARK_LLM__BASE_URL"),
        ("site_url = ", "not valid TOML"),
    ],
)
def test_wrong_file_is_refused_with_the_way_out(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "quantshark.toml").write_text(text)
    with pytest.raises(SettingsError, match=says):
        settings.load()


def test_a_wrong_secret_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    (tmp_path / "quantshark.toml").write_text('[llm]\napi_key = ["sk-very-secret"]\n')
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert "sk-very-secret" not in str(caught.value)


def test_own_registry_is_used_where_it_lies(tmp_path: Path) -> None:
    assert settings.load().user_registry is None
    (tmp_path / ".quantshark" / "registry").mkdir(parents=True)
    assert settings.load().user_registry == Path(".quantshark/registry")
