"""What happens to a finished text: it becomes a release and its files, goes to channels once, and can be proved again.

The bytes of every release lie on the shelf (`{home}/releases/{release_id}`) before the store tells of the release, so
whatever the store has can be sent; of two at once for one revision only the one that is kept lays its bytes down. Channels are served from the outbox: what a crash interrupts is taken up by the next
`publish`, and a channel that answered is not asked twice, except a folder, where the same bytes again only mend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from quantshark.checks import Evidence, judge
from quantshark.editions import Edition
from quantshark.errors import HaltedError, NotFoundError, ReleaseError, TargetError
from quantshark.model import SHANGHAI, Document, Receipt, Release, Section, Verdict
from quantshark.newsroom.drafting import Judged
from quantshark.newsroom.handing import hand_over
from quantshark.newsroom.shelf import ENDINGS, Shelf
from quantshark.press import ledger as ledgers
from quantshark.press import spoken
from quantshark.press import verify as proofs
from quantshark.press.exhibits import Archive
from quantshark.press.ledger import Ledger, Origin, WritingEntry
from quantshark.press.release import Bundle, bundle
from quantshark.press.targets import Target
from quantshark.press.targets.folder import FolderTarget, put
from quantshark.press.targets.site import SiteTarget
from quantshark.press.verify import Difference
from quantshark.press.waivers import Waiver
from quantshark.store import Parcel, Store, version_of


def make(judged: Judged, site_url: str, created_at: datetime) -> Bundle:
    """The release of a draft that passed, with its files."""
    context = judged.context
    facts = {fact.fact_id: fact for fact in (*judged.evidence.facts, *(item.fact for item in context.items))}
    archive = Archive(context.documents, facts)
    shown, until = judged.evidence.documents, context.until.isoformat()
    draft = judged.draft
    origin = Origin(created_at, draft.context, draft.prompts, context.day, until, shown, _writing(draft.sections))
    verdicts = judged.result.verdicts
    return bundle(judged.printed, verdicts, archive, origin, site_url, waivers=waivers_of(verdicts))


def waivers_of(verdicts: Sequence[Verdict]) -> dict[tuple[int, int], Waiver]:
    """What two people let stand, by its span."""
    return {
        (verdict.start, verdict.end): Waiver(
            reason=verdict.ruling.reason,
            by=verdict.ruling.by,
            confirmed_by=verdict.ruling.confirmed_by,
            at=verdict.ruling.confirmed_at or verdict.ruling.at,
        )
        for verdict in verdicts
        if verdict.waived and verdict.ruling is not None
    }


def _writing(sections: Sequence[Section]) -> dict[str, WritingEntry]:
    """Who wrote what, and what it cost."""
    return {
        section.slug: WritingEntry(
            writer=section.writer,
            rounds=section.rounds,
            dropped=len(section.dropped),
            calls=section.usage.calls,
            tokens_in=section.usage.tokens_in,
            tokens_out=section.usage.tokens_out,
            tokens_cached=section.usage.tokens_cached,
            cost=section.usage.cost,
            currency=section.usage.currency,
        )
        for section in sections
    }


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
    ledger = ledgers.read(made.release.ledger)
    cited = {name: version_of(documents[name]) for name in ledger.documents if name in documents}
    store.save_release(made.release, cited, ledger.facts, lambda: shelf.put(made))


# Publishing


# Folders hold what was put there: sending once more changes nothing, or brings back what was deleted.
MENDING = (FolderTarget, SiteTarget)


def publish(release: Release, channel: Target, shelf: Shelf, store: Store) -> Receipt:
    """Send a release to a channel, and whatever else waits for it. Raises HaltedError where it may not go out now."""
    earlier = store.receipts(release.release_id, channel.name)
    if earlier and not isinstance(channel, MENDING):
        return earlier[0]
    refuse_if_stopped(release.release_id, store)
    if not earlier:
        store.enqueue(release.release_id, channel.name)
    while parcel := store.claim(channel.name):
        handed = hand_over(parcel, lambda _name: channel, shelf, store)
        if parcel.release_id == release.release_id:
            if handed.receipt is not None:
                return handed.receipt
            if handed.error is not None:
                raise handed.error
            break
    if earlier:
        return channel.send(release, shelf.files(release))
    refuse_if_stopped(release.release_id, store)
    state = next(parcel for parcel in store.parcels(release_id=release.release_id) if parcel.channel == channel.name)
    if state.state == "sent":  # another worker was faster
        return store.receipts(release.release_id, channel.name)[0]
    raise TargetError(
        f"{release.release_id} on {channel.name} is {state.state} (attempt {state.attempt}{_since(state)}); "
        "another worker holds it, or a person has to decide",
        unknown=state.state == "unknown",
    )


def _since(parcel: Parcel) -> str:
    return f", {parcel.error}" if parcel.error else f", until {parcel.due_at:%H:%M:%S} UTC"


def refuse_if_stopped(release_id: str, store: Store) -> None:
    """Raise HaltedError where a release may not go out at this moment."""
    stop = store.stop(release_id)
    if stop is None:
        return
    by = f"（{stop.actor}）" if stop.actor else ""
    if stop.kind == "halted":
        raise HaltedError(
            f"all channels are halted ({stop.reason}); run `quantshark resume` when it is over",
            notice=f"所有渠道已停发{by}：{stop.reason}。恢复后才能发布。",
        )
    if stop.kind == "withdrawn":
        raise HaltedError(
            f"{release_id} was withdrawn ({stop.reason}); what replaces it is a new revision",
            notice=f"{release_id} 已撤回{by}：{stop.reason}。",
        )
    if stop.kind == "superseded":
        raise HaltedError(
            f"{release_id} was followed by {stop.reason}; publish that one",
            notice=f"{release_id} 已由 {stop.reason} 取代，不再发送；请发布最新一版。",
        )
    until = stop.until.astimezone(SHANGHAI) if stop.until else None
    raise HaltedError(
        f"{release_id} is embargoed until {until:%Y-%m-%d %H:%M:%S}; publish it then, or lift the embargo",
        notice=f"{release_id} 在 {until:%Y-%m-%d %H:%M} 之前不得发布{by}。",
    )


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
        store.save_release(release, {}, ledger.facts, lambda: shelf.put(Bundle(release, files)))
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
            f"cannot read {error.filename} ({error.strerror}); a release is its .md, .html and .ledger.json side by side",
            notice=f"读不到 {error.filename}：{error.strerror}。成品的 .md、.html 与 .ledger.json 要放在一起",
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
            f"cannot read {beside} ({error.strerror}); verify takes the published .md or .html with its .ledger.json beside it",
            notice=f"读不到账本 {beside}。请给出已发布的 .md 或 .html，账本 .ledger.json 要在它旁边",
        ) from error


def _judge_again(text: str, documents: Sequence[Document], ledger: Ledger) -> tuple[Verdict, ...]:
    return judge(text, Evidence(documents), as_of=ledger.as_of, slot=ledger.until or None).verdicts
