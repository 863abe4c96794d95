"""From a checked text to what goes out: page, ledger, release, and the files that a channel takes.

This is the press's front desk; nothing here judges. A verdict that blocks is a `ReleaseError`: the press prints no doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from quantshark.errors import ReleaseError
from quantshark.model import Release, Verdict
from quantshark.press.exhibits import Archive, exhibits
from quantshark.press.html import page
from quantshark.press.ledger import Origin, record
from quantshark.press.markdown import Printed
from quantshark.press.targets.folder import files_of
from quantshark.press.waivers import Waivers, standing


@dataclass(frozen=True, slots=True)
class Bundle:
    """A release with its files by name, ready for any channel."""

    release: Release
    files: Mapping[str, bytes]


def bundle(
    printed: Printed,
    verdicts: Sequence[Verdict],
    archive: Archive,
    origin: Origin,
    site_url: str,
    *,
    waivers: Waivers = MappingProxyType({}),
) -> Bundle:
    """Make the release of a text whose every verdict passed, or was let stand by two people."""
    blocking = standing(verdicts, waivers)
    if blocking:
        raise ReleaseError(
            f"{len(blocking)} figures of {printed.release_id} do not pass, first {blocking[0].surface!r}: "
            f"{blocking[0].message}; mend the draft before it is released",
            verdicts=blocking,
        )
    shown = exhibits(verdicts, archive, waivers)
    sheet = page(printed, shown, archive, site_url)
    ledger = record(printed, shown, archive, origin=origin, site_url=site_url, page=sheet)
    proof = ledger.dump()
    release = Release(
        release_id=printed.release_id,
        edition=printed.edition,
        day=date.fromisoformat(printed.day),
        script=printed.script,
        revision=printed.revision,
        title=printed.title,
        text=printed.text,
        marks=printed.marks,
        ledger=proof.decode(),
        created_at=origin.created_at,
        demo=ledger.demo,
    )
    return Bundle(release, files_of(release, sheet, proof))
