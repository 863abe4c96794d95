"""Contexts and what is shown to the stranger, made once and found again: a draft is re-read with what was known then.

A context is kept as its recipe (documents by version, wishes, moment), never as itself, so that the store stays the one
place where facts live. Frames stay in the process: the check of an edit must not wait for sources to be read anew.
"""

from __future__ import annotations

import base64
import json
import threading
import zlib
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from quantshark.checks import Evidence
from quantshark.context import Context, Wishes, plots
from quantshark.context.ground import Lay, lay
from quantshark.context.plots import Chosen
from quantshark.editions import Edition
from quantshark.model import Draft
from quantshark.newsroom import drafting
from quantshark.newsroom.drafting import Reader
from quantshark.newsroom.material import Material, from_store
from quantshark.store import Store, version_of
from quantshark.writers.rules_careful import careful

KEPT = 12
"""Frames in memory: five editions in two scripts share five of them, the rest is for days that are looked back at."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A context, its pictures, and the evidence that its drafts are judged by.

    `changed`: the store reads the sources of then otherwise now.
    """

    context: Context
    drawn: tuple[Chosen, ...]
    evidence: Evidence
    changed: bool = False

    @property
    def wide(self) -> Context:
        """With the facts that pictures draw: what a draft is judged by."""
        return plots.widened(self.context, self.drawn)


def make(
    edition: Edition,
    material: Material,
    day: date,
    until: datetime,
    site_url: str,
    wishes: Wishes,
    read: Reader = Evidence,
    lay: Lay = lay,
) -> Frame:
    """The frame of a new draft; the rules writer's doubts are settled in it. `read` makes the evidence, `lay` the ground."""
    context = drafting.frame(edition, material, day, until, site_url, wishes, lay)
    drawn = plots.choose(context)
    evidence = drafting.evidence(plots.widened(context, drawn), material.facts, material.amended, read)
    return Frame(careful(context, evidence), drawn, evidence)


def recipe_of(frame: Frame, material: Material, wishes: Wishes) -> str:
    """What `again` needs to make the same frame."""
    context = frame.context
    told = {
        "until": context.until.isoformat(),
        "wishes": asdict(wishes),
        "unsaid": sorted(context.unsaid),
        "documents": {document.doc_id: version_of(document) for document in material.documents},
    }
    return base64.b64encode(zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 9)).decode()


def again(recipe: str, draft: Draft, edition: Edition, store: Store, site_url: str, read: Reader = Evidence) -> Frame:
    """The frame that a draft was written in, from the versions of then."""
    told = cast(dict[str, Any], json.loads(zlib.decompress(base64.b64decode(recipe))))  # Any: JSON
    versions = cast(dict[str, str], told["documents"])
    # In the order of then: of two sources that say the same, the first is the proof.
    kept = {document.doc_id: document for document in store.documents_as(versions)}
    documents = tuple(kept[name] for name in versions if name in kept)
    material = Material(documents, store.facts_as(versions), frozenset(each.fact_id for each in store.amendments()))
    wishes = Wishes(**{name: tuple(value) for name, value in told["wishes"].items()})
    until = datetime.fromisoformat(told["until"])
    context = drafting.frame(edition, material, draft.day, until, site_url, wishes)
    drawn = plots.choose(context)
    evidence = drafting.evidence(plots.widened(context, drawn), material.facts, material.amended, read)
    context = replace(context, unsaid=frozenset((slug, line, about) for slug, line, about in told["unsaid"]))
    return Frame(context, drawn, evidence, context.digest != draft.context)


def today(draft: Draft, edition: Edition, store: Store, site_url: str) -> Frame:
    """The frame of a draft whose recipe nobody kept: with what the store knows of its slot now."""
    until = edition.until(draft.day)
    frame = make(edition, from_store(store, until), draft.day, until, site_url, Wishes())
    return replace(frame, changed=frame.context.digest != draft.context)


class Frames:
    """The frames of this process, the latest used last; safe for threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Frame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Frame | None:
        with self._lock:
            frame = self._known.get(key)
            if frame is not None:
                self._known.move_to_end(key)
            return frame

    def put(self, key: str, frame: Frame) -> None:
        with self._lock:
            self._known[key] = frame
            self._known.move_to_end(key)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget all: a fact is read otherwise from now on."""
        with self._lock:
            self._known.clear()
