"""What happens to a finished text: it becomes a release and its files, goes to channels once, and can be proved again.

The bytes of every release lie on the shelf (`{home}/releases/{release_id}`) before the store knows of the release, so
whatever the store has can be sent. Channels are served from the outbox: what a crash interrupts is taken up by the next
`publish`, and a channel that answered is not asked twice, except a folder, where the same bytes again only mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quantshark.checks import Evidence, judge
from quantshark.editions import Edition
from quantshark.errors import NotFoundError, ReleaseError, TargetError
from quantshark.model import Document, Receipt, Release, Verdict
from quantshark.newsroom.drafting import Judged
from quantshark.press import ledger as ledgers
from quantshark.press import spoken
from quantshark.press import verify as proofs
from quantshark.press.exhibits import Archive
from quantshark.press.ledger import Ledger, Origin
from quantshark.press.release import Bundle, bundle
from quantshark.press.targets import Target
from quantshark.press.targets.folder import FolderTarget, put
from quantshark.press.targets.site import SiteTarget
from quantshark.press.verify import Difference
from quantshark.store import Store, version_of

ENDINGS = (".md", ".html", ".ledger.json")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the bytes of releases lie, one folder each."""

    folder: Path

    def put(self, made: Bundle) -> None:
        FolderTarget(self.folder / made.release.release_id).send(made.release, made.files)

    def files(self, release: Release) -> dict[str, bytes]:
        """The files of a release as they were made."""
        names = [f"{release.stem}{ending}" for ending in ENDINGS]
        place = self.folder / release.release_id
        try:
            return {name: (place / name).read_bytes() for name in names}
        except OSError as error:
            raise NotFoundError(
                f"the files of {release.release_id} are not on the shelf ({error.filename}: {error.strerror}); "
                "set QUANTSHARK_HOME to the folder of the machine that released it, or publish its .md file"
            ) from error


def make(judged: Judged, site_url: str, created_at: datetime) -> Bundle:
    """The release of a draft that passed, with its files."""
    context = judged.context
    facts = {fact.fact_id: fact for fact in (*judged.evidence.facts, *(item.fact for item in context.items))}
    archive = Archive(context.documents, facts)
    shown, until = judged.evidence.documents, context.until.isoformat()
    origin = Origin(created_at, judged.draft.context, judged.draft.prompts, context.day, until, shown)
    return bundle(judged.printed, judged.result.verdicts, archive, origin, site_url)


def read_aloud(release: Release, edition: Edition, out: Path) -> tuple[Path, ...]:
    """Beside a script for the voice: its words as they are spoken, for a teleprompter, and subtitles."""
    if not any(spec.block == "script" for spec in edition.sections):
        return ()
    made = {".txt": spoken.plain(release.text), ".srt": spoken.subtitles(release.text)}
    paths = tuple(out / f"{release.stem}{ending}" for ending in made)
    for path, text in zip(paths, made.values(), strict=True):
        put(path, text.encode())
    return paths


def keep(made: Bundle, shelf: Shelf, store: Store, documents: Mapping[str, Document]) -> None:
    """Put a release on the shelf and into the store, with the versions of what it cites."""
    shelf.put(made)
    ledger = ledgers.read(made.release.ledger)
    cited = {name: version_of(documents[name]) for name in ledger.documents if name in documents}
    store.save_release(made.release, cited, ledger.facts)


# Publishing


# Folders hold what was put there: sending once more changes nothing, or brings back what was deleted.
MENDING = (FolderTarget, SiteTarget)


def target(told: str, home: Path, site_url: str) -> Target:
    """A channel by name: `folder:PATH`, `site:PATH` (a folder with a front page and feeds); by default a site in `home`."""
    name = told or f"site:{home / 'published'}"
    kind, _, place = name.partition(":")
    if kind == "folder" and place:
        return FolderTarget(Path(place), name=name)
    if kind == "site" and place:
        return SiteTarget(Path(place), site_url, name=name)
    raise TargetError(f"no channel {told!r}; write folder:PATH, or site:PATH for a folder with a front page and feeds")


def publish(release: Release, channel: Target, shelf: Shelf, store: Store) -> Receipt:
    """Send a release to a channel, and whatever else waits for it."""
    earlier = store.receipts(release.release_id, channel.name)
    if earlier and not isinstance(channel, MENDING):
        return earlier[0]
    store.enqueue(release.release_id, channel.name)
    while parcel := store.claim(channel.name):
        waiting = store.release(parcel.release_id)
        try:
            receipt = channel.send(waiting, shelf.files(waiting))
        except TargetError as error:
            if error.unknown:
                store.give_up(parcel, str(error), unknown=True)
            else:
                store.postpone(parcel, str(error), datetime.now(UTC) + timedelta(minutes=1))
            if parcel.release_id == release.release_id:
                raise
            continue
        store.settle(receipt)
        if parcel.release_id == release.release_id:
            return receipt
    return channel.send(release, shelf.files(release))


def from_file(path: Path, shelf: Shelf, store: Store) -> Release:
    """The release whose published file this is; one that was drafted from files alone enters the store here."""
    ledger, files = _files_beside(path)
    differences = proofs.verify(files[f"{_stem(path)}.md"].decode(), ledger)
    if differences:
        raise ReleaseError(f"{path} is not what was released: {differences[0]}; draft it again")
    try:
        known = store.release(ledger.release)
    except NotFoundError:
        release = _release_of(ledger, files, _stem(path))
        shelf.put(Bundle(release, files))
        store.save_release(release, {}, ledger.facts)
        return release
    if known.text.encode() != files[f"{_stem(path)}.md"]:
        raise ReleaseError(f"{path} calls itself {known.release_id}, but another text was released under that id")
    return known


def _stem(path: Path) -> str:
    return path.name.removesuffix(".ledger.json").removesuffix(path.suffix)


def _files_beside(path: Path) -> tuple[Ledger, dict[str, bytes]]:
    names = [f"{_stem(path)}{ending}" for ending in ENDINGS]
    try:
        files = {name: (path.parent / name).read_bytes() for name in names}
    except OSError as error:
        raise ReleaseError(
            f"cannot read {error.filename} ({error.strerror}); a release is its .md, .html and .ledger.json side by side"
        ) from error
    return ledgers.read(files[names[-1]]), files


def _release_of(ledger: Ledger, files: Mapping[str, bytes], stem: str) -> Release:
    return Release(
        release_id=ledger.release,
        edition=ledger.edition,
        day=ledger.day,
        script=ledger.script,
        revision=ledger.revision,
        title=ledger.title,
        text=files[f"{stem}.md"].decode(),
        ledger=files[f"{stem}.ledger.json"].decode(),
        created_at=datetime.fromisoformat(ledger.created_at),
        demo=ledger.demo,
    )


# Proving again


def verify(path: Path, documents: Sequence[Document]) -> tuple[Difference, ...]:
    """Every difference between a published file, its ledger and the documents that it cites."""
    return proofs.verify_file(path, documents, _judge_again)


def ledger_of(path: Path) -> Ledger:
    """The ledger beside a published file."""
    beside = path.parent / f"{_stem(path)}.ledger.json"
    try:
        return ledgers.read(beside.read_bytes())
    except OSError as error:
        raise ReleaseError(
            f"cannot read {beside} ({error.strerror}); verify takes the published .md or .html with its .ledger.json beside it"
        ) from error


def _judge_again(text: str, documents: Sequence[Document], ledger: Ledger) -> tuple[Verdict, ...]:
    return judge(text, Evidence(documents), as_of=ledger.as_of, slot=ledger.until or None).verdicts
