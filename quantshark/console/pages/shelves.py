"""What people decide about single facts and documents: first or never in a day's drafts, and whom a figure is about.

Only drafts that are begun later follow a pin or a bar; a reading that was put right counts for every draft at once.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from quantshark.console.office import Here, Office, see_other
from quantshark.console.visitors import Form, require
from quantshark.console.words import WISHES
from quantshark.data import load_measures
from quantshark.errors import EditError
from quantshark.model import Fact, Measure
from quantshark.store import Wish

router = APIRouter(include_in_schema=False)


@router.post("/sources/wishes")
def wish(office: Here, form: Form) -> Response:
    """Pin or bar a fact or a document for a day, or take that back."""
    require(form.visitor, "editor")
    day, target, newsroom = day_of(form["day"]) or office.today(), form["target"], office.newsroom
    if form["do"] == "lift":
        lifted = newsroom.lift(day, target, form.visitor.name)
        return see_other(page_of(office, target), "已撤销。" if lifted else "这一天没有对它的要求，可能已被撤销。")
    decide = newsroom.bar if form["do"] == "bar" else newsroom.pin
    made = decide(day, target, form["reason"], form.visitor.name)
    return see_other(page_of(office, target), f"已{WISHES[made.kind]}，{day} 以后起的稿照此办理。")


def page_of(office: Office, target: str) -> str:
    """Where a fact or a document is shown."""
    folder = "sources" if office.newsroom.store.fact(target) is None else "facts"
    return f"/{folder}/{quote(target)}"


def wishes_about(office: Office, day: date, target: str) -> tuple[Wish, ...]:
    """What was asked for of a fact or document on a day."""
    return tuple(wish for wish in office.newsroom.wishes(day) if wish.target == target)


@router.post("/facts/{fact_id:path}")
def read_otherwise(fact_id: str, office: Here, form: Form) -> Response:
    """Say whom or what a figure is about, or go back to what was read."""
    require(form.visitor, "editor")
    newsroom, by = office.newsroom, form.visitor.name
    if form["do"] == "unamend":
        undone = newsroom.unamend(fact_id, by)
        said = "已恢复为程序读出的主体和指标。" if undone else "这条没有被改过读法。"
    else:
        fact = newsroom.amend(fact_id, form["reason"], by, form["entity"].strip(), form["measure"].strip())
        said = f"已改为：{fact.entity_name}（{fact.entity}）的{fact.measure_name}；所有稿子都按此重新核对。"
    office.board.forget()
    return see_other(f"/facts/{quote(fact_id)}", said)


def measures_for(fact: Fact) -> tuple[Measure, ...]:
    """What a figure of this kind can measure."""
    return tuple(measure for measure in load_measures() if measure.unit_kind in {fact.kind, "any"})


def day_of(told: str) -> date | None:
    """A day as a form gives it. Raises EditError."""
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise EditError(f"{told!r} is no day", notice="日期要写成 2025-12-12 这样。") from None
