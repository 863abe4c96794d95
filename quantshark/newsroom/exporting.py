"""A release in other formats: verified against its ledger first, then made and laid down, each file whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quantshark.errors import ReleaseError
from quantshark.newsroom import outgoing
from quantshark.press import verify as proofs
from quantshark.press.export import Look
from quantshark.press.export import export as make
from quantshark.press.published import Published
from quantshark.press.targets.folder import put
from quantshark.settings import Settings


@dataclass(frozen=True, slots=True)
class Laid:
    """Where the files lie, and what could not be made."""

    paths: tuple[Path, ...]
    left_out: tuple[str, ...]


def published(path: Path) -> Published:
    """A release by one of its files. Raises ReleaseError where text and ledger differ."""
    ledger = outgoing.ledger_of(path)
    stem = path.name.removesuffix(".ledger.json").removesuffix(path.suffix)
    beside = path.with_name(f"{stem}.md")
    try:
        text = beside.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseError(
            f"cannot read {beside} ({error}); export takes the .md with its .ledger.json beside it",
            notice=f"读不到 {beside}。请给出成品的 .md，账本 .ledger.json 要在它旁边",
        ) from error
    if differences := proofs.verify(text, ledger):
        raise ReleaseError(
            f"{beside} is not what was released: {differences[0]}",
            notice=f"{beside} 与账本不一致，没有导出：{differences[0]}",
        )
    return Published(text, ledger)


def export(path: Path, formats: Sequence[str], out: Path | None, settings: Settings) -> Laid:
    """Make the formats of a release and lay them beside it, or in `out`."""
    held = published(path)
    stem = path.name.removesuffix(".ledger.json").removesuffix(path.suffix)
    made = make(held, formats, stem, Look(settings.rise, settings.font))
    folder = out or path.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        put(folder / name, content)
    return Laid(tuple(folder / name for name in made.files), made.left_out)
