"""Verify: an honest release passes; one changed digit, wherever it is, does not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from quantshark.errors import ReleaseError
from quantshark.model import Document, Verdict
from quantshark.press.ledger import read
from quantshark.press.release import bundle
from quantshark.press.verify import verify, verify_file
from tests.press.sample import ARCHIVE, DOCUMENTS, ORIGIN, SITE, sample

MADE = sample()
BUNDLE = bundle(MADE.printed, MADE.verdicts, ARCHIVE, ORIGIN, SITE)
TEXT = BUNDLE.files["radar-2025-12-12.md"].decode()
PAGE = BUNDLE.files["radar-2025-12-12.html"].decode()
LEDGER_BYTES = BUNDLE.files["radar-2025-12-12.ledger.json"]
LEDGER = read(LEDGER_BYTES)


def digit_changes(text: str) -> Iterator[str]:
    """The text with one digit changed, for every digit in it."""
    for found in re.finditer("[0-9]", text):
        other = str((int(found[0]) + 1) % 10)
        yield text[: found.start()] + other + text[found.end() :]


def first(published: str, documents: tuple[Document, ...] | None = DOCUMENTS) -> str:
    return str(verify(published, LEDGER, documents)[0])


def test_text_and_page_verify() -> None:
    assert verify(TEXT, LEDGER, DOCUMENTS) == ()
    assert verify(PAGE, LEDGER, DOCUMENTS) == ()
    assert verify(TEXT, LEDGER) == ()


def test_every_digit_of_the_text_counts() -> None:
    changed = [*digit_changes(TEXT)]
    assert len(changed) > 100
    assert [text for text in changed if not verify(text, LEDGER)] == []


def test_every_digit_of_the_page_counts() -> None:
    changed = [*digit_changes(PAGE)]
    assert len(changed) > 500
    assert [page for page in changed if not verify(page, LEDGER)] == []


def test_every_digit_of_the_ledger_counts() -> None:
    missed: list[str] = []
    for changed in digit_changes(LEDGER_BYTES.decode()):
        try:
            found = verify(TEXT, read(changed))
        except ReleaseError:
            continue
        if not found:
            missed.append(changed)
    assert missed == []


def test_every_digit_of_the_sources_counts() -> None:
    for n, document in enumerate(DOCUMENTS):
        for field in ("text", "title", "url", "doc_id"):
            for changed in digit_changes(getattr(document, field)):
                others = (*DOCUMENTS[:n], replace(document, **{field: changed}), *DOCUMENTS[n + 1 :])
                assert verify(TEXT, LEDGER, others), (field, changed)


NAMED = [
    ("净卖出52.87亿港元](", "净卖出52.78亿港元](", "第7处：正文 52.78亿港元，账本 52.87亿港元"),
    ('连续11日获净买入"', '连续12日获净买入"', "第3处：正文 12日，账本 11日"),
    ("占当日净卖出额的63.70%", "占当日净卖出额的163.70%", "第14处：正文 163.70%，账本 63.70%"),
    ("获净买入，累计净买入107.70亿", "获净买入，累计净买入1107.70亿", "第10处：正文 1107.70亿港元，账本 107.70亿港元"),
    ("revision: 1", "revision: 2", "正文第 12 行与发布时不同"),
    ("短线流动性偏紧", "短线流动性宽松", "正文第 41 行与发布时不同"),
]


@pytest.mark.parametrize(("old", "new", "message"), NAMED)
def test_the_first_difference_of_the_text_is_named(old: str, new: str, message: str) -> None:
    assert old in TEXT
    assert first(TEXT.replace(old, new, 1)) == message


def test_a_cut_text_is_named() -> None:
    assert first(TEXT[: TEXT.index("看方向")]) == "第16处：正文 （正文已到结尾），账本 52.87亿港元"


def test_the_first_difference_of_the_page_is_named() -> None:
    at = PAGE.index('data-n="13"')
    assert first(PAGE[:at] + PAGE[at:].replace("33.68", "33.86", 1)) == "第13处：网页 33.86亿港元，账本 33.68亿港元"
    lost = re.sub(r'<a class="fig derived".*?</a>', "六成多", PAGE, count=1)
    assert first(lost) == "第14处：网页上没有，账本 63.70%"
    assert "引文" in first(PAGE.replace("居首位。</blockquote>", "居末位。</blockquote>", 1))
    assert first(PAGE.replace("偏紧", "宽松")).startswith("网页的指纹不符")


def test_a_changed_source_is_named_with_the_figure_it_proves() -> None:
    changed = replace(DOCUMENTS[0], text=DOCUMENTS[0].text.replace("33.68", "33.86"))
    assert first(TEXT, (changed, *DOCUMENTS[1:])) == (
        "第2处：来源《港股通资金流向：科网股遭减持》现为“当日南向资金净卖出52.87亿港元，其中阿里巴巴-W遭净卖出33.86亿港元，居首位。”，"
        "账本“当日南向资金净卖出52.87亿港元，其中阿里巴巴-W遭净卖出33.68亿港元，居首位。”"
    )
    assert first(TEXT, DOCUMENTS[1:]) == f"来源《{DOCUMENTS[0].title}》（{'a' * 32}）不在所给的资料里"
    renamed = replace(DOCUMENTS[1], title="小米遭连续减持")
    assert first(TEXT, (DOCUMENTS[0], renamed, DOCUMENTS[2])).endswith("账本《小米获南向资金连续增持》")


def forged(old: str, new: str) -> str:
    """What a careful forger leaves: a ledger changed and sealed anew."""
    ledger = read(LEDGER_BYTES.decode().replace(old, new))
    return read(ledger.dump()).model_copy(update={"seal": ledger.sealed()}).dump().decode()


FORGED = [
    # The value of a fact, sealed anew: the text and the source still say the old one.
    ('"value": "-5287000000"', '"value": "-5278000000"', "第2处：正文 52.87亿港元，账本的值 -5278000000 HKD"),
    ('"value": "63.70"', '"value": "63.71"', "第14处：正文 63.70%，账本的值 63.71 %"),
    (
        "3368000000 / 5287000000 * 100",
        "5287000000 / 3368000000 * 100",
        "第14处：算式 5287000000 / 3368000000 * 100 重算得 156.9774，账本 63.7",
    ),
    (
        "3368000000 / 5287000000 * 100",
        "3368000001 / 5287000000 * 50",
        "第14处：算式 3368000001 / 5287000000 * 50（share）无法重算",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), FORGED)
def test_a_forger_who_seals_the_ledger_anew_is_still_found(old: str, new: str, message: str) -> None:
    ledger = read(forged(old, new))
    assert ledger.seal == ledger.sealed()
    assert str(verify(TEXT, ledger, DOCUMENTS)[0]) == message


def test_a_forger_who_changes_text_and_ledger_fails_on_the_source() -> None:
    text = TEXT.replace("6000亿元", "8000亿元")
    ledger = read(forged("6000亿元", "8000亿元").replace('"value": "600000000000"', '"value": "800000000000"'))
    told = [str(found) for found in verify(text, ledger, DOCUMENTS)]
    assert "第8处：来源《央行公告》现为“人民银行公告，12月15日将开展6000亿元买断式逆回购操作。”" in " ".join(told)


def test_the_judge_has_the_last_word() -> None:
    def judge(text: str, documents: object, ledger: object) -> list[Verdict]:
        start = text.index("52.87亿港元")
        return [Verdict(start, start + 8, "52.87亿港元", "refuted", "entity", "资料中这是另一家的数字")]

    assert [str(found) for found in verify(TEXT, LEDGER, DOCUMENTS, judge)] == [
        "第2处：重新核对 52.87亿港元：资料中这是另一家的数字"
    ]


def test_the_check_is_repeated_with_what_it_was_shown_or_not_at_all() -> None:
    other = Document("e" * 32, "无关的一则。", title="无关")
    shown = bundle(MADE.printed, MADE.verdicts, ARCHIVE, replace(ORIGIN, shown=(*DOCUMENTS, other)), SITE)
    ledger = read(shown.release.ledger)
    given: list[int] = []

    def judge(text: str, documents: Sequence[Document], ledger: object) -> list[Verdict]:
        given.append(len(documents))
        return []

    assert verify(TEXT, ledger, (*DOCUMENTS, other, Document("f" * 32, "后来的一则。")), judge) == ()
    assert verify(TEXT, ledger, DOCUMENTS, judge) == ()
    assert verify(TEXT, ledger, (*DOCUMENTS, replace(other, text="改过的一则。")), judge) == ()
    assert given == [4]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    for name, content in BUNDLE.files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_files_verify_with_the_ledger_beside_them(published: Path) -> None:
    assert verify_file(published / "radar-2025-12-12.md", DOCUMENTS) == ()
    assert verify_file(published / "radar-2025-12-12.html", DOCUMENTS) == ()


def test_files_that_cannot_be_read_say_what_is_needed(published: Path) -> None:
    with pytest.raises(ReleaseError, match=r"\.ledger\.json beside it"):
        verify_file(published / "radar-2025-12-13.md")
    (published / "radar-2025-12-12.md").write_bytes(b"\xff\xfe")
    with pytest.raises(ReleaseError, match="not UTF-8"):
        verify_file(published / "radar-2025-12-12.md")
