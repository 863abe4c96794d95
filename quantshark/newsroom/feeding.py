"""Before a slot: ask every feed, look at what it brought, take in what is plausible, hold the rest for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from quantshark.errors import DataError, SourceError
from quantshark.lexicon.names import Names
from quantshark.model import Document
from quantshark.newsroom.material import TABLE_DAYS, Progress, read_facts, reader_digest, silent
from quantshark.newsroom.room import Room
from quantshark.settings import FeedSettings
from quantshark.sources.extract import teach
from quantshark.sources.feeds import Feed, FeedReport, FeedSpec, Fetched, Held, failed, report
from quantshark.sources.plausible import doubts
from quantshark.sources.refused import refusal_of
from quantshark.store import FeedState, Store

AT_ONCE = 8


class Feeding(Room):
    """The verbs about what comes in by itself."""

    def refresh(self, now: datetime | None = None, progress: Progress = silent) -> tuple[FeedReport, ...]:
        """Ask every feed that is set and take in what is plausible; the rest is held for a person."""
        done = refresh(self.store, specs(self.settings.feeds), now or datetime.now(UTC), progress)
        for feed in done:
            if feed.state in ("held", "failed"):
                self.store.audit(f"feed {feed.state}", feed.name, feed.reason)
        return done

    def accept(self, doc_id: str, actor: str = "") -> Document:
        """Take in a held document as it is: somebody has looked at it."""
        waiting = next((item for item in self.store.held() if item.document.doc_id == doc_id), None)
        if waiting is not None:  # first in, then decided: a crash in between leaves it held
            _store(self.store, [waiting.document])
        held = self.store.decide_held(doc_id, "accepted")
        self.store.audit("accept", doc_id, held.document.title, actor)
        return held.document

    def drop(self, doc_id: str, actor: str = "") -> None:
        """Leave a held document out for good; another version of it is looked at anew."""
        held = self.store.decide_held(doc_id, "dropped")
        self.store.audit("drop", doc_id, held.document.title, actor)


def feed_of(spec: FeedSpec) -> Feed:
    """The reader of a feed; the web's libraries are loaded by who refreshes, not by who drafts."""
    match spec.kind:
        case "folder":
            from quantshark.sources.feeds.folder import FolderFeed  # noqa: PLC0415

            return FolderFeed(spec)
        case "atom":
            from quantshark.sources.feeds.atom import AtomFeed  # noqa: PLC0415

            return AtomFeed(spec)
        case "http":
            from quantshark.sources.feeds.http_file import HttpFeed  # noqa: PLC0415

            return HttpFeed(spec)
        case "akshare":
            from quantshark.sources.feeds.public_data import PublicDataFeed  # noqa: PLC0415

            return PublicDataFeed(spec)


def specs(settings: Mapping[str, FeedSettings]) -> tuple[FeedSpec, ...]:
    """The feeds that are set, by name."""
    return tuple(
        FeedSpec(name, told.kind, told.where, told.publisher, timedelta(minutes=told.fresh_minutes), told.seconds)
        for name, told in sorted(settings.items())
    )


def refresh(store: Store, feeds: Sequence[FeedSpec], now: datetime, progress: Progress) -> tuple[FeedReport, ...]:
    """Ask the feeds side by side, then take in one after the other. A feed that fails stops no other."""
    known = {state.name: state for state in store.feed_states()}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [pool.submit(_ask, spec, now, known.get(spec.name)) for spec in feeds]
        answers = [each.result() for each in asked]
    reports: list[FeedReport] = []
    for done, (spec, answer) in enumerate(zip(feeds, answers, strict=True), start=1):
        before = known[spec.name].newest if spec.name in known else None
        if isinstance(answer, str):
            made, tag = failed(spec, now, answer, before), ""
        else:
            made, tag = _take(store, spec, answer, now, before), answer.tag
        store.keep_feed(FeedState(spec.name, made.state, now, made.newest, made.taken, made.reason, tag))
        reports.append(made)
        progress(done, len(feeds), f"刷新 {spec.name}")
    return tuple(reports)


def _ask(spec: FeedSpec, now: datetime, known: FeedState | None) -> Fetched | str:
    """What a feed brought, or why nothing could be had, in Chinese where a reader says it."""
    try:
        # A feed that failed or was doubted is read whole again: its mark stands for what was never taken in.
        tag = known.tag if known and known.state in ("fresh", "stale") else ""
        return feed_of(spec).fetch(now, tag)
    except (SourceError, DataError) as error:
        return refusal_of(error).notice if isinstance(error, SourceError) else str(error)


def _take(store: Store, spec: FeedSpec, fetched: Fetched, now: datetime, before: datetime | None) -> FeedReport:
    known = store.unchanged(fetched.documents, reader_digest())
    fresh = [document for document in fetched.documents if document.doc_id not in known]
    held = _doubted(store, fresh, now) if fresh else []
    barred = {item.document.doc_id for item in held}
    taken = [document for document in fresh if document.doc_id not in barred]
    if taken:
        _store(store, taken)
    waiting = [item for item in held if _still_held(store, spec, item)]
    seen = [document for document in fetched.documents if document.doc_id not in barred]
    made = report(spec, now, seen, waiting, fetched, before)
    return replace(made, taken=len(taken))


def _still_held(store: Store, spec: FeedSpec, item: Held) -> bool:
    """A document that a person has dropped stays dropped, without a word, until it changes."""
    if store.hold(item.document, spec.name, [doubt.message for doubt in item.doubts]):
        return True
    return any(one.document == item.document for one in store.held())


def _doubted(store: Store, documents: Sequence[Document], now: datetime) -> list[Held]:
    """Each document against the tables of the past and those that came before it in this very batch."""
    past = list(store.documents(since=now - timedelta(days=TABLE_DAYS), until=now, kinds=("table",)))
    names = Names.load()
    held: list[Held] = []
    for document in sorted(documents, key=lambda one: str(one.known_at)):
        earlier = [one for one in past if one.doc_id != document.doc_id]
        found = doubts(document, earlier, now, names)
        if found:
            held.append(Held(document, found))
        elif document.kind == "table":
            past.append(document)
    return held


def _store(store: Store, documents: Sequence[Document]) -> None:
    store.put(read_facts(documents, teach(documents)), reader_digest())
