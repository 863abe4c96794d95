"""What the user has set: environment and `quantshark.toml` in, one frozen object out.

Read by `cli` and `newsroom` only, everyone else is passed what they need. Environment wins over the file. A name that
is not known is refused, so that a typo is never taken for "not set"; a secret is never printed.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from quantshark.errors import SettingsError

PREFIX = "QUANTSHARK_"
NAMED = ("feeds", "channels")
"""Settings that hold a table for each name that the user gives: QUANTSHARK_FEEDS__INBOX__WHERE."""
FILE_NAME = "quantshark.toml"


class ModelSettings(BaseModel):
    """The endpoint that writes: any server that speaks the OpenAI wire format.

    A call that takes longer than `call_seconds` is given up; a report stops asking after `report_seconds` or, where that
    is set, `report_tokens`, and the rules write the rest.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str = ""
    api_key: SecretStr = SecretStr("")
    model: str = ""
    fallbacks: tuple[str, ...] = ()
    """Other models of the same endpoint, tried in order before the rules writer."""
    method: Literal["", "json_schema", "function_calling", "json_mode"] = ""
    """How the endpoint takes a schema; empty: found out by asking, once."""
    style: Literal["sentences", "comments"] = "sentences"
    """Whole sentences around the figures, or only what they mean: for models of one or two billion parameters."""
    context_tokens: int = Field(default=4000, ge=200)
    """Facts shown in every prompt. A small model reads slowly: 1500 is plenty for it."""
    in_flight: int = Field(default=64, ge=1, le=1000)
    per_minute: int | None = Field(default=None, ge=1)
    call_seconds: float = Field(default=120.0, gt=0)
    report_seconds: float = Field(default=900.0, gt=0)
    report_tokens: int | None = Field(default=200_000, ge=1)
    report_money: Decimal | None = Field(default=None, gt=0)
    """Caps of one report: past them no further call is made and the rules write the rest."""

    @property
    def configured(self) -> bool:
        """Is there enough to call it? A local server needs no key."""
        return bool(self.model and (self.base_url or self.api_key.get_secret_value()))

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value:
            AnyHttpUrl(value)
        return value.rstrip("/")


class FeedSettings(BaseModel):
    """A feed that is read before each slot; see `quantshark.sources.feeds`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["folder", "atom", "http", "akshare"]
    where: str = Field(min_length=1)
    publisher: str = ""
    fresh_minutes: int = Field(default=24 * 60, ge=1)
    """A feed whose newest document is older than this is stale."""
    seconds: float = Field(default=20.0, gt=0, le=600)


class ChannelSettings(BaseModel):
    """A channel by a name of its own; see `quantshark.press.targets`.

    `where` is a folder, an address, a robot's address as apprise writes it, or a WeChat app id. It may hold a key, as
    `secret` does: neither is ever printed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["folder", "site", "git", "webhook", "chat", "wechat"]
    where: SecretStr
    secret: SecretStr = SecretStr("")
    branch: str = "main"
    """git: the branch that the site is built from."""
    section: str = "posts"
    """git: the folder under `content/`."""
    whole: bool = False
    """chat: the whole report in pieces, not only headline and address."""
    private: bool = False
    """webhook: the address is on a network of our own."""
    cover: str = ""
    """wechat: the media id of the picture on each card."""
    author: str = ""


class Settings(BaseSettings):
    """Everything that can be set. `home` holds the store and whatever else the house keeps."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    home: Path = Path(".quantshark")
    database_url: SecretStr = SecretStr("")
    site_url: str = "https://quantshark.io"
    prompts_dir: Path | None = None
    registry_dir: Path | None = None
    rise: Literal["red", "green"] = "red"
    """The colour of what rises in charts: red as in China, or green."""
    font: Path | None = None
    """A font file with Chinese in it, for pictures and PDF; else one that the machine has."""
    watchlist: tuple[str, ...] = ()
    """Stocks, by code or name, that come first on a radar; in the environment a JSON list."""
    llm: ModelSettings = Field(default_factory=ModelSettings)
    feeds: Mapping[str, FeedSettings] = Field(default_factory=dict[str, FeedSettings])
    """By name; in quantshark.toml a table each: `[feeds.inbox]`."""
    channels: Mapping[str, ChannelSettings] = Field(default_factory=dict[str, ChannelSettings])
    """By name: `[channels.site]`; `quantshark publish … --target site`."""
    notify: tuple[SecretStr, ...] = ()
    """Robots or mailboxes, as apprise writes them, that tell editors and operators what waits for them."""

    @field_validator("site_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        AnyHttpUrl(value)
        return value.rstrip("/")

    @property
    def store_url(self) -> str:
        """Where the store is: the URL that was given, else a file in `home`. May hold a password: do not print it."""
        return self.database_url.get_secret_value() or f"sqlite:///{(self.home / 'quantshark.db').as_posix()}"

    @property
    def user_registry(self) -> Path | None:
        """Where the user's own entities, measures and concepts lie, if there are any."""
        folder = self.registry_dir or self.home / "registry"
        return folder if folder.is_dir() else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (the base class fixes the signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file; no .env, because what a shell did not set should not act."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(FILE_NAME))


def load(**given: object) -> Settings:
    """The settings as they are now; `given` wins over both environment and file."""
    _refuse_typos()
    try:
        return Settings.model_validate(given) if given else Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE_NAME} is not valid TOML ({error}); mend that line or move the file away") from None


def variables() -> tuple[str, ...]:
    """The names that are read from the environment."""
    plain = (name for name in Settings.model_fields if name not in {"llm", *NAMED})
    nested = (f"llm__{name}" for name in ModelSettings.model_fields)
    return tuple(f"{PREFIX}{name.upper()}" for name in (*plain, *nested))


def _refuse_typos() -> None:
    known = variables()
    for name in sorted(os.environ):
        named = any(name.upper().startswith(f"{PREFIX}{each.upper()}__") for each in NAMED)
        if name.upper().startswith(PREFIX) and name.upper() not in known and not named:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise SettingsError(f"{name} is set, but there is no such setting; {hint}", name=name)


def _explain(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    variable = PREFIX + key.replace(".", "__").upper()
    if first["type"] == "extra_forbidden":
        return f"{FILE_NAME} sets {key!r}, but there is no such setting; known are {', '.join(_keys())}"
    return f"setting {key!r} does not fit ({first['msg']}); mend {variable} or {key!r} in {FILE_NAME}"


def _keys() -> tuple[str, ...]:
    return tuple(name.removeprefix(PREFIX).lower().replace("__", ".") for name in variables()) + NAMED
