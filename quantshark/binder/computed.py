"""The verdict of a figure that was computed again: the formula it follows from, and the figures that went into it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from quantshark.binder.status import Status
from quantshark.lexicon.clauses import Claim
from quantshark.model import Fact, Formula, Verdict
from quantshark.sources.extract import Proof


def plain(value: Decimal) -> str:
    """A value in full digits, to four places at most."""
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"


def verdict(
    claim: Claim, status: Status, reason: str, message: str, op: str, operands: Sequence[Proof], text: str
) -> Verdict:
    """`text` is the formula in the operands' values; a figure that it bears out becomes a fact of its own."""
    figure = claim.figure
    first = operands[0].fact
    fact = Fact(
        fact_id=f"{op}:{'+'.join(p.fact.fact_id for p in operands)}",
        entity=claim.entities[0] if claim.entities else first.entity,
        entity_name=first.entity_name,
        measure=claim.measure or first.measure,
        measure_name=claim.measure_word or first.measure_name,
        value=figure.value or Decimal(0),
        unit=figure.unit,
        ulp=figure.ulp,
        direction=claim.direction,
        kind=figure.kind,
        surface=figure.surface,
        as_of=first.as_of,
        formula=Formula(op, tuple(p.fact.fact_id for p in operands), text),
    )
    proved = fact if status == "derived" else None
    near = tuple(p.fact for p in operands)
    return Verdict(figure.start, figure.end, figure.surface, status, reason, message, proved, first.source, near)
