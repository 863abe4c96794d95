"""A day as it was: documents, facts and the context of each edition in one file, under one hash.

A trial reads nothing else. What was chosen, ranked and numbered stays as it was frozen, the edition included; only what
judges (reader, binder, checks) and the registries are today's. A file whose bytes do not give its hash is refused.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from quantshark.checks import Evidence
from quantshark.context import Context
from quantshark.data import load_concepts, load_entities, load_measures
from quantshark.editions import Edition, roots
from quantshark.errors import LabError
from quantshark.model import Document, Fact
from quantshark.newsroom import drafting
from quantshark.newsroom.material import Material
from quantshark.writers.rules_careful import careful

ENDING = ".frozen.jsonl.xz"
FORMAT = 1

_DOCUMENT = TypeAdapter(Document)
_FACT = TypeAdapter(Fact)
_CONTEXT = TypeAdapter(Context)
Line = dict[str, Any]  # a line of JSON, before it becomes a noun


@dataclass(frozen=True)
class FrozenDay:
    """What was known on a day. `shown` names the documents that the stranger is shown for an edition."""

    day: date
    documents: Mapping[str, Document]
    fact_lines: tuple[str, ...]
    contexts: Mapping[str, Context]
    shown: Mapping[str, tuple[str, ...]]
    frozen_as: Mapping[str, str]
    digest: str = ""

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that was read from the documents; trials do not need them, so they are read when asked for."""
        return tuple(_FACT.validate_python(json.loads(line)["fact"]) for line in self.fact_lines)

    @cached_property
    def editions(self) -> tuple[str, ...]:
        return tuple(self.contexts)

    @property
    def demo(self) -> bool:
        return any(document.demo for document in self.documents.values())

    def context(self, edition: str, prompts: Path | None = None) -> Context:
        """The context of an edition; its prompt files are those of the folder, else those that ship. Raises LabError."""
        if edition not in self.contexts:
            raise LabError(
                f"{self.day} was not frozen for {edition!r} but for {', '.join(self.editions)}; freeze it again with --edition",
                notice=f"{self.day} 冻结时只有 {'、'.join(self.editions)}，没有 {edition}；用 quantshark lab freeze --day {self.day} --edition {edition} 重新冻结",
            )
        return _placed(_Named(self, edition), roots(prompts))

    def evidence(self, edition: str) -> Evidence:
        """What judges a draft of that day. Built once a process: reading the documents takes a second."""
        return _evidence(_Named(self, edition))

    @property
    def drifted(self) -> tuple[str, ...]:
        """Editions that today's code or registry would number or word otherwise than when they were frozen."""
        return tuple(slug for slug, context in self.contexts.items() if context.digest != self.frozen_as[slug])


@dataclass(frozen=True)
class _Named:
    """A frozen day and an edition, equal by hash: the key under which evidence is kept."""

    frozen: FrozenDay
    edition: str

    def __hash__(self) -> int:
        return hash((self.frozen.digest, self.edition))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and (self.frozen.digest, self.edition) == (other.frozen.digest, other.edition)


@lru_cache(maxsize=32)
def _placed(named: _Named, prompts: Path) -> Context:
    held = named.frozen.contexts[named.edition]
    return replace(held, edition=held.edition.model_copy(update={"folder": prompts / named.edition}))


@lru_cache(maxsize=32)
def _evidence(named: _Named) -> Evidence:
    frozen, context = named.frozen, named.frozen.contexts[named.edition]
    derived = [item.fact for item in context.items if item.fact.formula]
    return Evidence([frozen.documents[doc_id] for doc_id in frozen.shown[named.edition]], derived)


# Freezing


def freeze(
    day: date, editions: Sequence[Edition], known: Callable[[Edition, datetime], Material], site: str
) -> FrozenDay:
    """The day as each edition's slot knows it. An edition that its core facts hold is left out. Raises LabError.

    What only pictures draw from is left out too: no trial reads it, and it is nine tenths of a day.
    """
    documents: dict[str, Document] = {}
    facts: dict[str, Fact] = {}
    contexts: dict[str, Context] = {}
    shown: dict[str, tuple[str, ...]] = {}
    for edition in editions:
        moment = edition.until(day)
        material = known(edition, moment)
        context = drafting.frame(edition, material, day, moment, site)
        if context.held:
            continue
        evidence = drafting.evidence(context, material.facts)
        context = careful(context, evidence)
        used = {document.doc_id: document for document in (*evidence.documents, *_told(context))}
        documents |= used
        facts |= {fact.fact_id: fact for fact in material.facts if fact.source and fact.source.doc_id in used}
        contexts[edition.slug] = replace(context, documents=used, dropped_facts={}, known=())
        shown[edition.slug] = tuple(document.doc_id for document in evidence.documents)
    if not contexts:
        raise LabError(
            f"nothing to freeze for {day}: no edition has its core facts there; give --sources, or ingest that day first",
            notice=f"{day} 没有可以冻结的报告：核心数据都不在；用 --sources 给出资料，或先用 quantshark ingest 读入那一天",
        )
    named = {slug: context.digest for slug, context in contexts.items()}
    frozen = FrozenDay(day, documents, tuple(map(_fact_line, facts.values())), contexts, shown, named)
    return replace(frozen, digest=_digest(_lines(frozen)))


def _told(context: Context) -> Iterator[Document]:
    yield from (item.document for item in context.items if item.document is not None)
    yield from (story.document for story in context.stories)


# The file


def write(frozen: FrozenDay, folder: Path) -> Path:
    """`2025-12-12.frozen.jsonl.xz` in the folder; the same day gives the same bytes."""
    lines = _lines(frozen)
    head: Line = {
        "frozen": FORMAT,
        "day": frozen.day.isoformat(),
        "digest": _digest(lines),
        "editions": {slug: context.edition.digest for slug, context in frozen.contexts.items()},
        "demo": frozen.demo,
    }
    path = folder / f"{frozen.day}{ENDING}"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress("\n".join([_dump(head), *lines, ""]).encode(), preset=9 | lzma.PRESET_EXTREME))
    return path


def read(path: Path) -> FrozenDay:
    """The frozen day in a file. Raises LabError where it was changed or does not fit."""
    try:
        head, *lines = lzma.decompress(path.read_bytes()).decode().splitlines()
        told: Line = json.loads(head)
        version = told["frozen"]
    except (OSError, lzma.LZMAError, UnicodeDecodeError, ValueError, KeyError, TypeError) as problem:
        raise LabError(
            f"{path} is no frozen day ({problem}); make one with `quantshark lab freeze`",
            notice=f"{path} 不是冻结日文件；用 quantshark lab freeze --day 日期 做一个",
        ) from problem
    if version != FORMAT:
        raise LabError(
            f"{path} is of format {version}, this program reads {FORMAT}; freeze the day again",
            notice=f"{path} 的格式是第 {version} 版，本程序读第 {FORMAT} 版；重新冻结那一天",
        )
    if _digest(lines) != told.get("digest"):
        raise LabError(
            f"{path} was changed after it was frozen: its hash is {_digest(lines)[:12]}…, it says {str(told.get('digest'))[:12]}…; "
            "take the file as it was, or freeze the day again",
            path=str(path),
            notice=f"{path} 在冻结之后被改动过，指纹对不上；换回原来的文件，或重新冻结那一天",
        )
    try:
        return _read(date.fromisoformat(told["day"]), lines, str(told["digest"]))
    except (ValidationError, KeyError, ValueError) as problem:
        why = " ".join(str(problem).split())[:200]
        raise LabError(
            f"{path} does not fit this version ({why}); freeze the day again",
            notice=f"{path} 与这一版程序不合；重新冻结那一天",
        ) from problem


def read_all(paths: Iterable[Path]) -> tuple[FrozenDay, ...]:
    """Files and folders of frozen days, by day. Raises LabError."""
    files = [file for path in paths for file in (sorted(path.glob(f"*{ENDING}")) if path.is_dir() else [path])]
    if not files:
        raise LabError(
            f"no frozen day (*{ENDING}) there; make one with `quantshark lab freeze --day D`",
            notice="那里没有冻结日文件；用 quantshark lab freeze --day 日期 做一个",
        )
    days = sorted((read(file) for file in files), key=lambda frozen: frozen.day)
    twice = next((a.day for a, b in pairwise(days) if a.day == b.day), None)
    if twice:
        raise LabError(
            f"{twice} is there twice; a day counts once, give one file of it",
            notice=f"{twice} 给了两份；一天只能算一次，留一个文件",
        )
    return tuple(days)


def _lines(frozen: FrozenDay) -> list[str]:
    """Everything but the head, each noun on its line; what documents and facts repeat is named by id."""
    documents = [{"document": _DOCUMENT.dump_python(d, mode="json")} for d in frozen.documents.values()]
    contexts = [
        {
            "context": _sorted(_bare(context)),
            "shown": frozen.shown[slug],
            "documents": list(context.documents),
            "digest": frozen.frozen_as[slug],
        }
        for slug, context in frozen.contexts.items()
    ]
    return [*map(_dump, documents), *frozen.fact_lines, *map(_dump, contexts)]


def _fact_line(fact: Fact) -> str:
    return _dump({"fact": _FACT.dump_python(fact, mode="json", exclude_defaults=True)})


def _sorted(context: Context) -> Line:
    """As JSON; sets in order, so that the same day gives the same bytes."""
    told: Line = _CONTEXT.dump_python(context, mode="json", exclude_defaults=True)
    sets = [name for name in told if isinstance(getattr(context, name), frozenset)]
    return told | {name: sorted(told[name]) for name in sets}


def _read(day: date, lines: Iterable[str], digest: str) -> FrozenDay:
    documents: dict[str, Document] = {}
    facts: list[str] = []
    contexts: dict[str, Context] = {}
    shown: dict[str, tuple[str, ...]] = {}
    named: dict[str, str] = {}
    for line in lines:
        if line.startswith('{"fact":'):
            facts.append(line)
            continue
        told: Line = json.loads(line)
        if "document" in told:
            document = _DOCUMENT.validate_python(told["document"])
            documents[document.doc_id] = document
        else:
            context = _whole(_CONTEXT.validate_python(told["context"]), told["documents"], documents)
            slug = context.edition.slug
            contexts[slug], shown[slug], named[slug] = context, tuple(told["shown"]), told["digest"]
    return FrozenDay(day, documents, tuple(facts), contexts, shown, named, digest)


def _bare(context: Context) -> Context:
    """Without what stands elsewhere: documents by id alone, no registries, no folder of this machine."""
    return replace(
        context,
        edition=context.edition.model_copy(update={"folder": Path()}),
        items=tuple(replace(i, document=_name(i.document) if i.document else None) for i in context.items),
        stories=tuple(replace(story, document=_name(story.document)) for story in context.stories),
        documents={},
        measures={},
        entities={},
        concepts=(),
    )


def _whole(context: Context, ids: Iterable[str], documents: Mapping[str, Document]) -> Context:
    return replace(
        context,
        items=tuple(replace(i, document=documents[i.document.doc_id] if i.document else None) for i in context.items),
        stories=tuple(replace(story, document=documents[story.document.doc_id]) for story in context.stories),
        documents={doc_id: documents[doc_id] for doc_id in ids},
        measures={measure.slug: measure for measure in load_measures()},
        entities={entity.code: entity for entity in load_entities()},
        concepts=load_concepts(),
    )


def _name(document: Document) -> Document:
    return Document(document.doc_id, "")


def _dump(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digest(lines: Iterable[str]) -> str:
    told = hashlib.sha256()
    for line in lines:
        told.update(line.encode() + b"\n")
    return told.hexdigest()
