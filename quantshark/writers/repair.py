"""A writer that holds the model writer: what the check flags goes back, sentence by sentence, at most twice.

Only the flagged sentences are asked for again, with the reason and what may be cited; the whole section is checked anew
each time. What is still wrong after the last round is dropped; a slot with nothing left gets the rules' words, and a
section that even then does not pass is the rules writer's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from quantshark.binder.messages import WHY
from quantshark.context import Brief, Context
from quantshark.errors import ModelError
from quantshark.lexicon.names import Names
from quantshark.lexicon.script import fold
from quantshark.model import Event, Listener, Mark, Section, Verdict
from quantshark.writers.form import Slot
from quantshark.writers.llm import Attempt, Finding, ModelWriter
from quantshark.writers.matter import Matter, against, beyond, crowded, matter_of
from quantshark.writers.tone import aimless, invention, retold, workshop

Judge = Callable[[str, Sequence[Mark]], Iterable[Verdict]]
"""The check on a section as printed: text and marks in, verdicts out."""

ROUNDS = 2
COPIED = 9
"""Characters in a row that nobody writes by chance."""
RUN = 4
MOST_BORROWED = 0.5
"""How much of a text may be the prompt's, in shorter runs: with other names put into the example more than half is left."""
_MARKS = re.compile(r"[^\w|]")
_BRACED = re.compile(r"\{[^{}]*\}")
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*\n?")


class RepairingWriter:
    """Same one method as the model writer that it holds."""

    def __init__(self, inner: ModelWriter, judge: Judge, names: Names, *, rounds: int = ROUNDS) -> None:
        self.inner = inner
        self._judge = judge
        self._names = names
        self._rounds = rounds
        self._matters: dict[Slot, Matter] = {}

    @property
    def name(self) -> str:
        return self.inner.name

    async def write(self, brief: Brief, listen: Listener) -> Section:
        """The section with nothing in it that the check flags. Raises WriterError where the model cannot be reached."""
        attempt = await self.inner.attempt(brief, listen)
        for _ in range(self._rounds):
            findings = self._findings(attempt, listen)
            if not findings:
                return self.inner.section(attempt)
            try:
                attempt = await self.inner.revise(attempt, findings, listen)
            except ModelError as error:  # what was right stays; what was flagged is dropped below
                attempt = attempt.with_notes([error.told])
                break
        return self.inner.section(self._settled(attempt, listen))

    def _settled(self, attempt: Attempt, listen: Listener) -> Attempt:
        """Sentences that stay wrong are dropped, then slots; in the end nothing of the model's may be left."""
        for drop in (_without_sentences, _without_slots):
            findings = self._findings(attempt, listen)
            if not findings:
                return attempt
            attempt = drop(attempt, findings)
        return replace(attempt, texts={}) if self._findings(attempt, listen) else attempt

    def _findings(self, attempt: Attempt, listen: Listener) -> tuple[Finding, ...]:
        text, marks, places = attempt.printed()
        written = [(start, end, slot) for start, end, slot in places if slot.key in attempt.texts]
        verdicts = tuple(self._judge(text, marks))
        false = tuple(_of_figures(text, [verdict for verdict in verdicts if verdict.blocks], written))
        found = (*false, *_typed(verdicts, marks, written, attempt), *self._of_words(text, written, attempt))
        told = {"round": attempt.rounds, "flagged": len(found), "false": len(false)}
        listen(Event("checked", attempt.brief.slug, told))
        return found

    def _of_words(self, text: str, written: Sequence[tuple[int, int, Slot]], attempt: Attempt) -> Iterator[Finding]:
        """What no figure shows: another company, a forbidden word, a tone against the facts."""
        met: set[str] = set()
        for start, end, slot in written:
            own = attempt.texts[slot.key]
            if reason := self._fault(own, slot, attempt.brief) or ("与本栏目另一项雷同" if own in met else ""):
                yield Finding(slot, text[start:end], reason)
            else:
                met.add(own)

    def _fault(self, own: str, slot: Slot, brief: Brief) -> str:
        """In Chinese, what is wrong with a text whose figures are right; empty where nothing is."""
        context = brief.context
        known = f"{slot.about}{slot.text}{slot.beside}{''.join(said for _, said in slot.tokens)}"
        matter, words = self._matter(slot, brief), _BRACED.sub("|", own)
        return (
            beyond(words, matter, self._names, context.edition.topics)
            or ("" if slot.refs else crowded(words, slot, matter, self._names))
            or _forbidden(own, context)
            or against(words, matter)
            or invention(own, known)
            or workshop(own)
            or ("" if slot.refs else self._retold(own, slot, context))
            or (aimless(own) if self.inner.style == "comments" else "")
            or self._copied(own, known)
        )

    def _matter(self, slot: Slot, brief: Brief) -> Matter:
        """What a slot is about, worked out once for all rounds."""
        if slot not in self._matters:
            self._matters[slot] = matter_of(slot, brief, self._names)
        return self._matters[slot]

    def _retold(self, own: str, slot: Slot, context: Context) -> str:
        """What a comment says again of the facts before it; 纳斯达克中国金龙指数 alone is a name."""
        beside, _ = context.print(slot.beside, links=False)
        return retold(own, beside, [(name.start, name.end) for name in self._names.find(fold(own))])

    def _copied(self, own: str, known: str) -> str:
        """Words of the prompt itself: its rules are nobody's news, and its example is of another market.

        A reference is no word: 南向资金在{t1} is what anybody writes. Nor does it help to put other names, figures or
        a few words of one's own into the example.
        """
        told = self.inner.instructions
        said = [words for words in _BRACED.split(own) if len(words) >= COPIED]
        spans = (words[at : at + COPIED] for words in said for at in range(len(words) - COPIED + 1))
        if found := next((span for span in spans if span in told and span not in known), ""):
            return f"照抄了提示里的“{found}”"
        return "只是把提示里的示例换了几个字" if _borrowed(own, _plain(told), _plain(known)) > MOST_BORROWED else ""


def _borrowed(own: str, told: str, known: str) -> float:
    """The share of a text's own characters that stand in the prompt in runs of four, and not in its row."""
    words = _plain(_BRACED.sub("|", own))
    spans = [words[at : at + RUN] for at in range(len(words) - RUN + 1)]
    taken = {at + step for at, span in enumerate(spans) if span in told and span not in known for step in range(RUN)}
    return len(taken) / max(len(words), 1)


def _plain(text: str) -> str:
    """Without marks and spaces: 方向偏强，接着看 and 方向偏强 接着看 are the same words."""
    return _MARKS.sub("", text)


def _of_figures(text: str, verdicts: Iterable[Verdict], written: Sequence[tuple[int, int, Slot]]) -> Iterator[Finding]:
    for verdict in verdicts:
        for start, end, slot in written:
            if start < verdict.end and verdict.start < end:
                yield Finding(slot, _sentence(text[start:end], verdict.start - start), _why(verdict))


def _why(verdict: Verdict) -> str:
    """A verdict as the model is told: whose the figure is, and never a source's own words, which could give orders."""
    why = WHY.get(verdict.reason)
    if why is None:
        return _QUOTE.sub("", verdict.message)
    whose = f"，它说的是{verdict.fact.entity_name}" if verdict.reason == "entity" and verdict.fact is not None else ""
    return f"“{verdict.surface}”{why}{whose}"


_QUOTE = re.compile(r"[：:]?「[^」]*」?")


_REFERENCE = re.compile(r"\{[fst]\d+(?::[a-z]+)?\}")
_PROOF = frozenset({"supported", "derived"})


def _typed(
    verdicts: Sequence[Verdict], marks: Sequence[Mark], written: Sequence[tuple[int, int, Slot]], attempt: Attempt
) -> Iterator[Finding]:
    """Figures and digits of the model's own that are not those of the slot's facts.

    A figure may be true of something else: 约100亿港元 is near to many facts of a day. And 1.2.3亿 is no figure to any
    reader, and no sentence either.
    """
    context = attempt.brief.context
    for start, end, slot in written:
        own = {(fact.entity, abs(fact.value)) for fact in map(context.fact, slot.facts)}
        typed = [v for v in verdicts if start < v.end and v.start < end and v.status in _PROOF and not _in(v, marks)]
        proved = [v.surface for v in typed if v.fact is not None and (v.fact.entity, abs(v.fact.value)) in own]
        known = set(_digits(" ".join((_REFERENCE.sub("", f"{slot.about} {slot.text} {slot.beside}"), *proved))))
        stray = [v.surface for v in typed if v.surface not in proved]
        stray += [run for run in _digits(_REFERENCE.sub("", attempt.texts[slot.key])) if run not in known]
        if stray:
            yield Finding(slot, attempt.texts[slot.key], f"写了数字“{stray[0]}”，数字由程序打印")


def _in(verdict: Verdict, marks: Sequence[Mark]) -> bool:
    return any(mark.start < verdict.end and verdict.start < mark.end for mark in marks)


def _digits(text: str) -> Iterator[str]:
    """Runs of numerals that are not Chinese characters, in any script: 52.87, ９９, ⑨, ½."""
    run = ""
    for mark in f"{text} ":
        if (mark.isnumeric() and not "\u3400" <= mark <= "\u9fff") or (run and mark in ".,"):
            run += mark
        elif run:
            yield run.rstrip(".,")
            run = ""


def _sentence(text: str, at: int) -> str:
    """The sentence of `text` that holds the place `at`."""
    return next((m[0].strip() for m in _SENTENCE.finditer(text) if m.end() > at), text)


def _forbidden(own: str, context: Context) -> str:
    word = next((word for word in context.edition.forbidden if word in own), "")
    return f"用了不能用的词“{word}”" if word else ""


def _without_sentences(attempt: Attempt, findings: Sequence[Finding]) -> Attempt:
    """Without the flagged sentences of the model; a slot left without its references or empty goes back to the rules."""
    for finding in findings:
        own = attempt.texts.get(finding.slot.key, "")
        kept = [m[0] for m in _SENTENCE.finditer(own) if not _is_flagged(m[0], finding, attempt)]
        attempt = _dropped(attempt, finding)
        left = "".join(kept).strip()
        whole = left and all(f"{{{ref}" in left for ref in finding.slot.refs)
        attempt = attempt.with_texts({finding.slot.key: left}) if whole else attempt.without(finding.slot.key)
    return attempt


def _is_flagged(raw: str, finding: Finding, attempt: Attempt) -> bool:
    context = attempt.brief.context
    tokens = dict(finding.slot.tokens)
    plain = raw
    for name, said in tokens.items():
        plain = plain.replace(f"{{{name}}}", said)
    said, _ = context.print(plain, attempt.brief.script)
    return said.strip() in finding.sentence or finding.sentence in said


def _without_slots(attempt: Attempt, findings: Sequence[Finding]) -> Attempt:
    for finding in findings:
        attempt = _dropped(attempt, finding).without(finding.slot.key)
    return attempt


def _dropped(attempt: Attempt, finding: Finding) -> Attempt:
    if finding.slot.key not in attempt.texts or finding.sentence in attempt.dropped:
        return attempt
    return replace(attempt, dropped=(*attempt.dropped, finding.sentence))
