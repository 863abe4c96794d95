"""Corrections quote the wrong figure in their notice and nowhere else; a withdrawal leaves a statement."""

from __future__ import annotations

import pytest

from quantshark.errors import ReleaseError
from quantshark.model import Verdict
from quantshark.press.ledger import Ledger, read
from quantshark.press.markdown import Printed, render
from quantshark.press.notices import CORRECTED, settled, withdraw
from quantshark.press.release import bundle
from quantshark.press.verify import verify
from tests.press.sample import ARCHIVE, DOCUMENTS, IMPRINT, ORIGIN, SITE, draft, sample, verdicts

WRONG = "52.87亿港元"
"""What the release before printed; the notice below calls it wrong."""
NOTICE = f"南向资金净卖出额原作{WRONG}，应以交易所公布为准"
MADE = sample()
FIRST = bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE).release
BEFORE = read(FIRST.ledger)


def corrected(notice: str = NOTICE) -> Printed:
    return render(draft(), IMPRINT, SITE, revision=2, notice=notice)


def refuting(printed: Printed, at: int) -> tuple[Verdict, ...]:
    """The verdicts of the text, that of the figure at `at` against it."""
    return tuple(
        Verdict(v.start, v.end, v.surface, "refuted", "value", "与来源不符") if v.start == at else v
        for v in verdicts(printed)
    )


def test_the_notice_may_quote_what_it_corrects() -> None:
    printed = corrected()
    at = printed.text.index(NOTICE) + NOTICE.index(WRONG)
    passed = settled(printed, refuting(printed, at), BEFORE)
    ledger = read(bundle(printed, passed, ARCHIVE, ORIGIN, SITE).release.ledger)
    assert ledger.notice == NOTICE
    assert [figure.reason for figure in ledger.figures if figure.start == at] == [CORRECTED]
    assert verify(printed.text, ledger, DOCUMENTS) == ()


def test_the_same_figure_in_the_text_is_still_refuted() -> None:
    printed = corrected()
    at = printed.text.rindex(WRONG)
    assert [v.status for v in settled(printed, refuting(printed, at), BEFORE) if v.blocks] == ["refuted"]


def test_a_figure_that_was_never_printed_is_no_quotation() -> None:
    printed = corrected("原作99.99亿港元")
    at = printed.text.index("99.99亿港元")
    typed = Verdict(at, at + 8, "99.99亿港元", "unsourced", "unsourced", "资料中没有")
    assert settled(printed, (typed,), BEFORE) == (typed,)


def test_the_judge_does_not_ask_again_for_what_the_notice_quotes() -> None:
    printed = corrected()
    at = printed.text.index(NOTICE) + NOTICE.index(WRONG)
    ledger = read(
        bundle(printed, settled(printed, refuting(printed, at), BEFORE), ARCHIVE, ORIGIN, SITE).release.ledger
    )

    def judge(text: str, documents: object, ledger: Ledger) -> tuple[Verdict, ...]:
        return refuting(printed, at)

    def strict(text: str, documents: object, ledger: Ledger) -> tuple[Verdict, ...]:
        return refuting(printed, printed.text.rindex(WRONG))

    assert verify(printed.text, ledger, DOCUMENTS, judge) == ()
    assert len(verify(printed.text, ledger, DOCUMENTS, strict)) == 1


def test_a_withdrawal_leaves_a_statement_that_verifies() -> None:
    taken = withdraw(FIRST, "资料来源有误", IMPRINT, ORIGIN.created_at, by="值班编辑")
    text, page = taken.files["radar-2025-12-12.md"].decode(), taken.files["radar-2025-12-12.html"].decode()
    ledger = read(taken.files["radar-2025-12-12.ledger.json"])
    assert taken.release.release_id == "radar-2025-12-12-hans-r2"
    assert taken.release.title == "【撤回】盘前机会与风险雷达（2025年12月12日）"
    assert "资料来源有误" in text
    assert "资料来源有误" in page
    assert WRONG not in text + page
    assert ledger.withdrawn is not None
    assert ledger.withdrawn.by == "值班编辑"
    assert verify(text, ledger, DOCUMENTS) == verify(page, ledger, DOCUMENTS) == ()
    assert verify(text.replace("有误", "无误"), ledger) != ()


def test_a_withdrawal_gives_its_reason() -> None:
    with pytest.raises(ReleaseError, match="without a reason"):
        withdraw(FIRST, " ", IMPRINT, ORIGIN.created_at)
