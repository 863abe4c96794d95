"""What a draft is made of: documents and the facts read from them, from files alone or from the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from quantshark import sources
from quantshark.errors import SourceError
from quantshark.lexicon.names import Names
from quantshark.model import Document, Fact
from quantshark.sources import Intake
from quantshark.sources.extract import extract, teach
from quantshark.store import Counts, Store
from quantshark.store.known import Known

Progress = Callable[[int, int, str], None]
"""How far the work is: done, of how many, what is being done."""

# News grows old in days; tables are the series that streaks, records and comparisons are computed from.
NEWS_DAYS = 10
TABLE_DAYS = 400
WORDS = ("news", "article", "transcript", "report")


@dataclass(frozen=True, slots=True)
class Material:
    """Documents and their facts, ready to be selected from."""

    documents: tuple[Document, ...]
    facts: tuple[Fact, ...]
    amended: frozenset[str] = frozenset()
    """Facts (by id) whose reading a person put right."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did: what was stored, and what the readers refused or passed over."""

    counts: Counts
    intake: Intake


def from_files(paths: Sequence[Path], progress: Progress) -> tuple[Material, Intake]:
    """The documents of files and folders with their facts; no store. Raises SourceError where there is no document."""
    intake = sources.read_all(paths, lambda done, total: progress(done, total, "读入文件"))
    if not intake.documents:
        why = (
            f"first refused: {intake.refusals[0].message}" if intake.refusals else "nothing there is of a kind we read"
        )
        raise SourceError(
            f"no document in {', '.join(map(str, paths))} ({why}); give files or folders of news and tables"
        )
    names = teach(intake.documents)
    facts = [fact for _, found in read_facts(intake.documents, names, progress) for fact in found]
    return Material(intake.documents, tuple(facts)), intake


def from_store(store: Known, until: datetime) -> Material:
    """What was known before `until`, as far back as a report reaches."""
    documents = (
        *store.documents(since=until - timedelta(days=TABLE_DAYS), until=until, kinds=("table",)),
        *store.documents(since=until - timedelta(days=NEWS_DAYS), until=until, kinds=WORDS),
    )
    facts = store.facts(doc_ids=[document.doc_id for document in documents])
    return Material(documents, facts, frozenset(each.fact_id for each in store.amendments()))


def state_of(store: Known, until: datetime) -> Hashable:
    """What `from_store` would be made of; another answer, other material."""
    tables = store.state(until - timedelta(days=TABLE_DAYS), until, ("table",))
    words = store.state(until - timedelta(days=NEWS_DAYS), until, WORDS)
    return tables, words, store.amendments()


def ingest(store: Store, paths: Sequence[Path], progress: Progress) -> Ingested:
    """Read files into the store. What it holds already, read by the same reader, is not read again."""
    intake = sources.read_all(paths, lambda done, total: progress(done, total, "读入文件"))
    reader = reader_digest()
    held = store.unchanged(intake.documents, reader)
    fresh = [document for document in intake.documents if document.doc_id not in held]
    # Names are learned from all that came in together: a company may be introduced in one item and named in another.
    names = teach(intake.documents) if fresh else Names.load()
    counts = store.put(read_facts(fresh, names, progress), reader)
    return Ingested(_with_held(counts, len(held)), intake)


def _with_held(counts: Counts, held: int) -> Counts:
    return Counts(counts.new, counts.same + held, counts.changed, counts.reread, counts.forgotten, counts.facts)


def silent(_done: int, _total: int, _text: str) -> None:
    """Progress for those who do not look."""


def read_facts(
    documents: Sequence[Document], names: Names, progress: Progress = silent
) -> Iterable[tuple[Document, tuple[Fact, ...]]]:
    """Each document with the facts that are read from it."""
    for done, document in enumerate(documents, start=1):
        yield document, extract(document, names)
        progress(done, len(documents), "读出事实")


@lru_cache(maxsize=1)
def reader_digest() -> str:
    """Names what reads facts: the code of lexicon and extract, and the registries. Another one reads documents again."""
    package = Path(__file__).parent.parent
    files = [
        *sorted((package / "lexicon").rglob("*.py")),
        package / "sources" / "extract.py",
        *sorted(path for path in (package / "data").glob("*") if path.suffix in {".csv", ".json"}),
    ]
    told = hashlib.sha256()
    for file in files:
        told.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:16]
