"""What is compared: prompts as files or inline edits, the model that is asked, and how freely it may answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from quantshark.editions import roots
from quantshark.errors import LabError
from quantshark.prompts import Prompt, Sampling, parse
from quantshark.writers.form import Style
from quantshark.writers.prompt_book import SHARED, PromptBook, name_of

COMMENT = "comment.prompty"
SHARED_PROMPTS = frozenset({"house", "repair", "section", "sentences", "comments", "comment"})
"""Prompts that are asked in every edition."""
CURRENT = "current"
"""The variant that changes nothing: the prompts as they lie in the folder."""


@dataclass(frozen=True)
class Variant:
    """Texts that stand in for prompt files, by name (`radar/overview.prompty`)."""

    name: str
    texts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Contender:
    """A variant with the model and the sampling that it is tried with. No `temperature`: what the prompt says."""

    variant: Variant
    model: str
    temperature: float | None = None
    shown: str = ""

    @property
    def name(self) -> str:
        """How tables call it: the variant, and model and temperature where contenders differ in them."""
        return self.shown or self.variant.name

    def book(self, files: PromptBook) -> PromptBook:
        """The prompts that it is tried with, over the files as they were read."""
        sampling = None if self.temperature is None else Sampling(temperature=self.temperature)
        return replace(files, texts={**files.texts, **self.variant.texts}, sampling=sampling)


def current() -> Variant:
    return Variant(CURRENT)


def from_path(told: str, edition: str, folder: Path | None) -> Variant:
    """A variant from `PATH` or `NAME=PATH`: one prompt file, or a folder of them. Raises LabError or PromptError.

    A file is for the prompt of its own name (`overview.prompty`; `overview.short.prompty` is for overview as well),
    in the edition, else among the shared ones.
    """
    given, _, place = told.rpartition("=")
    path = Path(place)
    files = sorted(path.rglob("*.prompty")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise LabError(
            f"no prompt file at {path}; give a .prompty file or a folder of them",
            notice=f"{path} 没有提示词文件；给出 .prompty 文件，或装着它们的文件夹",
        )
    texts = dict(_named(file, edition, folder) for file in files)
    return Variant(given or _stem(path), texts)


def from_edit(told: str, section: str, edition: str, folder: Path | None, style: Style = "sentences") -> Variant:
    """A variant from `NAME:OLD=>NEW`: the present prompt of a section with a passage replaced. Raises LabError."""
    name, colon, change = told.partition(":")
    old, arrow, new = change.partition("=>")
    if not (name and colon and arrow and old):
        raise LabError(
            f"cannot read the edit {told!r}; write NAME:OLD=>NEW", notice=f"看不懂改动“{told}”；写成 名字:旧=>新"
        )
    path = prompt_file(section, edition, folder, style)
    text = path.read_text("utf-8-sig")
    if text.count(old) != 1:
        raise LabError(
            f"{old!r} stands {text.count(old)} times in {name_of(path)}; quote a passage that stands there once",
            notice=f"“{old}”在 {name_of(path)} 里出现 {text.count(old)} 次；引用只出现一次的一段",
        )
    return edited(name, path, text.replace(old, new), edition)


def edited(name: str, path: Path, text: str, edition: str) -> Variant:
    """A variant whose text was typed in place of a file's. Raises PromptError where it is no prompt."""
    parse(text, path)
    own = name_of(path) if path.parent.name in (edition, SHARED) else f"{edition}/{path.name}"
    return Variant(name, {own: text})


def prompt_file(section: str, edition: str, folder: Path | None, style: Style = "sentences") -> Path:
    """The file that a section is asked with; comments are asked for with one file for all."""
    if style == "comments":
        return roots(folder) / SHARED / COMMENT
    own = roots(folder) / edition / f"{section}.prompty"
    return own if own.is_file() else roots(folder) / SHARED / "section.prompty"


def require_asked(contenders: Iterable[Contender], edition: str, style: Style) -> None:
    """Raise LabError for a variant that nobody would be asked with: it would be compared with itself."""
    for contender in contenders:
        texts = contender.variant.texts
        if style == "comments" and texts and not any(name.startswith(f"{SHARED}/") for name in texts):
            raise LabError(
                f"{contender.name} changes {', '.join(texts)}, and comments are asked for with {SHARED}/{COMMENT}; "
                f"change that file, or set QUANTSHARK_LLM__STYLE=sentences to try the prompts of {edition}",
                notice=f"{contender.name} 改的是 {'、'.join(texts)}，而短评式用的是 {SHARED}/{COMMENT}；改那个文件，或设置 QUANTSHARK_LLM__STYLE=sentences",
            )


def contenders(
    variants: Iterable[Variant], models: Iterable[str], temperatures: Iterable[float | None]
) -> tuple[Contender, ...]:
    """Every variant with every model and temperature. Raises LabError where two would have one name."""
    several_models, several_heats = len(tuple(models := tuple(models))) > 1, len(heats := tuple(temperatures)) > 1
    made = tuple(
        Contender(
            variant, model, heat, _shown(variant, model if several_models else "", heat if several_heats else None)
        )
        for variant in variants
        for model in models
        for heat in heats
    )
    names = [contender.name for contender in made]
    if twice := {name for name in names if names.count(name) > 1}:
        raise LabError(
            f"two variants are called {', '.join(sorted(twice))}; name them with NAME=PATH",
            notice=f"有两个参赛者都叫 {'、'.join(sorted(twice))}；用 名字=路径 给它们起名",
        )
    return made


def digest(contender: Contender, prompts: Mapping[str, str]) -> str:
    """The hash of everything that a contender is: what it is asked with, by whom it is answered, how freely."""
    told = [sorted(prompts.items()), contender.model, contender.temperature]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _shown(variant: Variant, model: str, heat: float | None) -> str:
    return variant.name + (f"@{model}" if model else "") + (f"~{heat:g}" if heat is not None else "")


def _stem(path: Path) -> str:
    return path.name.removesuffix(".prompty")


def _named(file: Path, edition: str, folder: Path | None) -> tuple[str, str]:
    """Which prompt a file is for, and its text."""
    slug = file.name.split(".", 1)[0]
    root = roots(folder)
    shared = slug in SHARED_PROMPTS and not (root / edition / f"{slug}.prompty").is_file()
    path = root / ("shared" if shared else edition) / f"{slug}.prompty"
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise LabError(
            f"{file} cannot be read as UTF-8 ({problem}); check the path and the encoding",
            notice=f"{file} 读不出来；检查路径，文件要用 UTF-8 编码",
        ) from problem
    read: Prompt = parse(text, path)
    return name_of(read.path), text
