"""The prompts that an edition is asked with: files, some of them perhaps replaced by the text of a variant.

What a prompt is called here (`radar/overview.prompty`) is what drafts, ledgers and the lab call it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from quantshark.editions import Edition, roots
from quantshark.prompts import Prompt, Sampling, load, parse

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class PromptBook:
    """`texts` stand in for files by name; `sampling` stands in for what the section prompts say."""

    folder: Path
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    sampling: Sampling | None = None

    @classmethod
    def of(cls, folder: Path | None) -> PromptBook:
        """The files of a folder, else those that ship."""
        return cls(roots(folder))

    def as_now(self, edition: Edition) -> PromptBook:
        """The same prompts with their texts read once: what is edited later does not reach who holds this."""
        kept = {path: path.read_text("utf-8-sig") for path in _files(self.folder / SHARED, edition.folder)}
        return replace(self, texts={**{name_of(path): text for path, text in kept.items()}, **self.texts})

    def house(self) -> Prompt:
        return self._named(self.folder / SHARED / "house.prompty")

    def repair(self) -> Prompt:
        return self._named(self.folder / SHARED / "repair.prompty")

    def style(self, name: str) -> Prompt:
        """How an answer is given: `sentences` around references, or `comments` behind them."""
        return self._named(self.folder / SHARED / f"{name}.prompty")

    def comment(self) -> Prompt:
        """How comments on a section are asked for, whichever it is."""
        return self._named(self.folder / SHARED / "comment.prompty")

    def plain(self) -> Prompt:
        """The prompt of a section that has none of its own."""
        return self._named(self.folder / SHARED / "section.prompty")

    def section(self, edition: Edition, slug: str) -> Prompt:
        """The prompt of a section; one that has none of its own is asked for with the shared one."""
        own = edition.folder / f"{slug}.prompty"
        if own.is_file() or f"{edition.slug}/{own.name}" in self.texts:
            return self._named(own)
        return self.plain()

    def sampling_of(self, prompt: Prompt) -> Sampling:
        return self.sampling or prompt.head.sampling

    def digests(self, edition: Edition) -> dict[str, str]:
        """The content hashes of every prompt that an edition is asked with, by name."""
        prompts = (*(self.section(edition, spec.slug) for spec in edition.sections), *self._shared())
        return {name_of(prompt.path): prompt.digest for prompt in prompts}

    def _shared(self) -> tuple[Prompt, ...]:
        return self.house(), self.style("sentences"), self.style("comments"), self.comment(), self.repair()

    def _named(self, path: Path) -> Prompt:
        text = self.texts.get(name_of(path))
        return load(path) if text is None else parse(text, path)


def _files(*folders: Path) -> Iterator[Path]:
    return (path for folder in folders for path in sorted(folder.glob("*.prompty")))


def name_of(path: Path) -> str:
    """`radar/overview.prompty`: folder and file, wherever the folder lies."""
    return f"{path.parent.name}/{path.name}"
