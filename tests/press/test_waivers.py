"""编辑确认: two people, a reason, and never a figure that the sources contradict."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from pydantic import ValidationError

from quantshark.errors import ReleaseError
from quantshark.model import Verdict
from quantshark.press.exhibits import SHANGHAI
from quantshark.press.ledger import read
from quantshark.press.release import Bundle, bundle
from quantshark.press.verify import confirmed, verify
from quantshark.press.waivers import Waiver, Waivers
from tests.press.sample import ARCHIVE, DOCUMENTS, ORIGIN, SITE, sample

MADE = sample()
AT = datetime(2025, 12, 12, 8, 10, tzinfo=SHANGHAI)
WAIVER = Waiver(reason="交易所电话核实", by="甲", confirmed_by="乙", at=AT)
THE_FIGURE = next(verdict for verdict in MADE.verdicts if verdict.surface == "4.53%")
SPAN = (THE_FIGURE.start, THE_FIGURE.end)


def released(waivers: Waivers, status: str = "unsourced") -> Bundle:
    doubted = Verdict(*SPAN, "4.53%", "refuted" if status == "refuted" else "unsourced", status, "资料中没有")
    told = tuple(doubted if verdict == THE_FIGURE else verdict for verdict in MADE.verdicts)
    return bundle(MADE.printed, told, ARCHIVE, ORIGIN, SITE, waivers=waivers)


def test_without_a_waiver_nothing_is_released() -> None:
    with pytest.raises(ReleaseError, match=r"4\.53%"):
        released({})


def test_a_waived_figure_is_released_marked_on_page_and_in_ledger() -> None:
    made = released({SPAN: WAIVER})
    ledger = read(made.release.ledger)
    (entry,) = (figure for figure in ledger.figures if figure.waived)
    assert (entry.surface, entry.status, entry.waived) == ("4.53%", "unsourced", WAIVER)
    page = made.files["radar-2025-12-12.html"].decode()
    assert 'class="fig waived"' in page
    assert "编辑确认 1" in page
    assert "交易所电话核实（甲 提出，乙 确认，2025-12-12 08:10）" in page


def test_verify_passes_it_and_lists_it() -> None:
    made = released({SPAN: WAIVER})
    ledger = read(made.release.ledger)
    assert verify(made.release.text, ledger, DOCUMENTS) == ()
    assert confirmed(ledger) == (
        f"第{ledger.figures[10].number}处：4.53% 编辑确认：交易所电话核实（甲 提出，乙 确认，2025-12-12 08:10）",
    )


def test_the_judge_may_doubt_it_again_but_not_refute_it() -> None:
    made = released({SPAN: WAIVER})
    ledger = read(made.release.ledger)

    def doubting(*_: object) -> list[Verdict]:
        return [Verdict(*SPAN, "4.53%", "unsourced", "unsourced", "资料中没有")]

    def refuting(*_: object) -> list[Verdict]:
        return [Verdict(*SPAN, "4.53%", "refuted", "value", "资料中是另一个数")]

    assert verify(made.release.text, ledger, DOCUMENTS, doubting) == ()
    assert [str(each) for each in verify(made.release.text, ledger, DOCUMENTS, refuting)] == [
        "第11处：重新核对 4.53%：资料中是另一个数"
    ]


def test_a_refuted_figure_is_never_waived() -> None:
    with pytest.raises(ReleaseError, match="stands on no unsourced or unread figure"):
        released({SPAN: WAIVER}, status="refuted")


def test_a_ledger_that_waives_a_refuted_figure_does_not_verify() -> None:
    made = released({SPAN: WAIVER})
    told = json.loads(made.release.ledger)
    told["figures"][10]["status"] = "refuted"
    forged = read(json.dumps(told))
    assert "不在可由编辑确认之列" in str(verify(made.release.text, forged)[0])


def test_a_waiver_on_nothing_is_refused() -> None:
    with pytest.raises(ReleaseError, match="stands on no"):
        bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE, waivers={(0, 1): WAIVER})


@pytest.mark.parametrize("missing", ["reason", "by", "confirmed_by"])
def test_a_waiver_names_reason_and_people(missing: str) -> None:
    with pytest.raises(ValidationError):
        Waiver.model_validate(WAIVER.model_dump() | {missing: ""})


def test_a_waiver_takes_two() -> None:
    with pytest.raises(ValidationError, match="a second person has to confirm"):
        Waiver(reason="核实", by="甲", confirmed_by="甲", at=AT)


def test_a_ledger_without_waivers_says_nothing_of_them() -> None:
    made = bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE)
    assert "waived" not in made.release.ledger
    assert "withdrawn" not in made.release.ledger
