"""The sources as editors handle them: search, where a fact was used, pin and bar, a wrong reading put right, a new document."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from quantshark import sources
from quantshark.data import load_measures
from quantshark.errors import EditError, NotFoundError, SourceError
from quantshark.lexicon.names import Names
from quantshark.model import KINDS, Document, Fact
from quantshark.newsroom import naming
from quantshark.newsroom.material import read_facts, reader_digest
from quantshark.newsroom.room import Room
from quantshark.sources import Limits
from quantshark.sources.extract import teach
from quantshark.sources.refused import refusal_of
from quantshark.store import Amendment, Wish
from quantshark.store.library import WishKind

UPLOAD = Limits(max_bytes=2_000_000, max_lines=20_000)
"""What one document may hold that comes in by hand."""
WORDS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    documents: tuple[Document, ...]
    facts: tuple[Fact, ...]


class Shelves(Room):
    """The verbs around what we know."""

    def search(self, text: str, limit: int = 50) -> Found:
        """Documents and facts that hold every word of `text` (in names, titles, texts, ids), newest first."""
        words = " ".join(text.split()[:WORDS])
        if not words:
            return Found((), ())
        return Found(self.store.search_documents(words, limit=limit), self.store.search_facts(words, limit=limit))

    def uses(self, fact_id: str) -> tuple[str, ...]:
        """The releases that print a fact, or rest on it."""
        return self.store.used_in(fact_id=fact_id)

    def document_uses(self, doc_id: str) -> tuple[str, ...]:
        """The releases that cite a document."""
        return self.store.used_in(doc_id=doc_id)

    # For a day

    def pin(self, day: date, target: str, reason: str, actor: str) -> Wish:
        """Bring a fact or document (by id) to the front of the day's next drafts."""
        return self._wish(day, target, "pin", reason, actor)

    def bar(self, day: date, target: str, reason: str, actor: str) -> Wish:
        """Keep a fact or document (by id) out of the day's next drafts."""
        return self._wish(day, target, "bar", reason, actor)

    def lift(self, day: date, target: str, actor: str) -> bool:
        """Take a pin or bar back."""
        lifted = self.store.lift(day, target)
        if lifted:
            self.store.audit("lift", target, day.isoformat(), actor)
        return lifted

    def wishes(self, day: date) -> tuple[Wish, ...]:
        """The pins and bars of a day."""
        return self.store.wishes(day)

    def _wish(self, day: date, target: str, kind: WishKind, reason: str, actor: str) -> Wish:
        said = _reason(reason)
        if not self.store.documents(ids=[target]):
            self._known_fact(target)
        wish = self.store.wish(day, target, kind, said, actor)
        self.store.audit(kind, target, f"{day} {said}", actor)
        return wish

    # Readings

    def amend(self, fact_id: str, reason: str, actor: str, entity: str = "", measure: str = "") -> Fact:
        """Say whom or what a fact is about (code or name) where it was read wrongly. Drafts are judged by it from now on.

        Raises EditError where the measure is of another kind, or nothing would change.
        """
        fact, said = self._known_fact(fact_id), _reason(reason)
        code = _one(naming.entity_codes(entity), entity) if entity else ""
        slug = _one(naming.measure_slugs(measure), measure) if measure else ""
        if (not code or code == fact.entity) and (not slug or slug == fact.measure):
            raise EditError(f"{fact_id} is read so already", notice="这条事实本来就是这样读的，没有变化。")
        kind = next((each.unit_kind for each in load_measures() if each.slug == slug), "")
        if kind and kind not in {fact.kind, "any"}:
            raise EditError(
                f"{slug} takes {kind}, the fact is {fact.kind}",
                notice=f"“{measure}”的单位类型与这条事实不符，不能这样改。",
            )
        self.store.amend(Amendment(fact_id, code, slug, said, actor, datetime.now(UTC)))
        self.store.audit("amend", fact_id, f"{code} {slug} {said}".strip(), actor)
        self.forget_frames()
        return self._known_fact(fact_id)

    def unamend(self, fact_id: str, actor: str) -> bool:
        """Read a fact as the reader reads it again."""
        fact = self._known_fact(fact_id)
        if not self.store.unamend(fact_id) or fact.source is None:
            return False
        document = self.store.document(fact.source.doc_id)
        self._keep([document])
        self.store.audit("unamend", fact_id, "", actor)
        self.forget_frames()
        return True

    def _known_fact(self, fact_id: str) -> Fact:
        fact = self.store.fact(fact_id)
        if fact is None:
            raise NotFoundError(f"no fact {fact_id!r} in the store; see its id in `quantshark facts --json`")
        return fact

    # Documents

    def add_document(
        self,
        content: str | bytes,
        name: str,
        actor: str,
        title: str = "",
        published_at: datetime | date | None = None,
        kind: str = "",
        url: str = "",
    ) -> tuple[Document, ...]:
        """Take in a document that was pasted (text) or uploaded (bytes; `name` says by its ending what it is).

        What the file says of itself wins; `title`, `published_at` and `url` fill what it leaves open. Raises SourceError
        with a notice for the editor, EditError where it has no date: an undated document is never told.
        """
        if kind and kind not in KINDS:
            raise EditError(f"kind {kind!r}; use one of {', '.join(KINDS)}", notice=f"没有“{kind}”这种资料。")
        documents = [
            _filled(document, title, published_at, kind, url) for document in _read(content, Path(name).name or "a.md")
        ]
        undated = next((document for document in documents if document.published_at is None), None)
        if undated is not None:
            raise EditError(
                f"{name} has no date; say when it was published",
                notice="资料没有发布时间，请填写；没有时间的资料不会被引用。",
            )
        self._keep(documents)
        for document in documents:
            self.store.audit("add_document", document.doc_id, document.title[:80], actor)
        return tuple(documents)

    def _keep(self, documents: Sequence[Document]) -> None:
        names = teach(documents) if documents else Names.load()
        self.store.put(read_facts(documents, names), reader_digest())


def _read(content: str | bytes, name: str) -> tuple[Document, ...]:
    """Through the same door as every file: decoded, cleaned, limited, refused with a reason."""
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    suffix = Path(name).suffix.lower() or ".md"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{hashlib.sha256(data).hexdigest()[:32]}{suffix}")
        path.write_bytes(data[: UPLOAD.max_bytes + 1])
        try:
            return sources.read(path, UPLOAD)
        except SourceError as error:
            refusal = refusal_of(error)
            told = replace(
                refusal,
                path=name,
                message=refusal.message.replace(str(path), name),
                notice=refusal.notice.replace(str(path), name),
            )
            raise SourceError(told.message, refusal=told, path=name, line=told.line, code=told.code) from error


def _filled(document: Document, title: str, published_at: datetime | date | None, kind: str, url: str) -> Document:
    return replace(
        document,
        title=document.title or " ".join(title.split()),
        published_at=document.published_at or published_at,
        kind=kind or document.kind,
        url=document.url or url,
    )


def _one(codes: Sequence[str], told: str) -> str:
    if len(codes) != 1:
        raise EditError(
            f"{told!r} may be {', '.join(codes)}; give the code",
            notice=f"“{told}”可能是 {'、'.join(codes)}，请写代码。",
        )
    return codes[0]


def _reason(reason: str) -> str:
    said = " ".join(reason.split())
    if not said:
        raise EditError("a reason is needed in writing", notice="请写明理由。")
    return said
