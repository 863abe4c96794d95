"""The page: whole in itself, every figure with its proof, the label and the disclaimer in sight and in the metadata."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

from quantshark.press.exhibits import Archive, exhibits
from quantshark.press.html import page
from quantshark.press.imprint import DISCLAIMER
from quantshark.press.ledger import digest
from quantshark.press.markdown import render
from quantshark.press.page_reader import read_page
from quantshark.press.script import Traditional
from tests.press.hostile import active_in, policy_hash
from tests.press.sample import ARCHIVE, DOCUMENTS, FACTS, IMPRINT, SITE, draft, sample, section, verdicts


def made(*, demo: bool = True) -> str:
    one = sample(demo=demo)
    return page(one.printed, exhibits(one.verdicts, ARCHIVE), ARCHIVE, SITE)


PAGE = made()


def meta(name: str, html: str = PAGE) -> str:
    found = re.search(rf'<meta name="{name}" content="([^"]*)">', html)
    assert found, name
    return unescape(found[1])


def test_it_loads_nothing_and_runs_only_its_own() -> None:
    assert active_in(PAGE) == []
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", PAGE, re.DOTALL)
    assert style
    assert script
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', PAGE)
    assert policy
    assert unescape(policy[1]) == (
        f"default-src 'none'; style-src '{policy_hash(style[1])}'; script-src '{policy_hash(script[1])}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "@import" not in style[1]
    assert all(url.startswith('"data:') for url in re.findall(r"url\(([^)]*)", style[1]))
    assert not re.search(r"fetch|XMLHttp|import\(|https?:|eval", script[1])


def test_every_figure_is_there_by_number() -> None:
    one = sample()
    assert read_page(PAGE).figures == {
        n: verdict.surface for n, verdict in enumerate(one.verdicts, 1) if verdict.surface not in {"1.", "2."}
    }


def test_every_figure_leads_to_its_proof() -> None:
    for exhibit in exhibits(sample().verdicts, ARCHIVE):
        if exhibit.verdict.status == "exempt":
            continue
        card = card_of(exhibit.number)
        assert f"<strong>{exhibit.verdict.surface}</strong>" in card
        if exhibit.verdict.status == "supported":
            fact = exhibit.verdict.fact
            assert fact is not None
            assert fact.source is not None
            document = ARCHIVE.documents[fact.source.doc_id]
            assert f"<mark>{exhibit.verdict.surface}</mark>" in card
            assert f">{document.title}</a>" in card
            assert document.published_at is not None
            assert f"{document.published_at:%Y-%m-%d %H:%M}" in card
            assert "有出处" in card
        else:
            assert "33.68亿港元 ÷ 52.87亿港元 = 63.70%" in card
            assert card.count("<blockquote>") == 2
            assert "推算" in card


def card_of(number: int) -> str:
    card = next(
        c for c in PAGE.split('<li id="e')[1:] if str(number) in re.findall(r'data-for="([^"]*)"', c)[0].split()
    )
    name = "e" + card.split('"', 1)[0]
    linked = re.search(
        rf'<a[^>]*href="#{name}"[^>]*>(?:(?!</a>).)*?data-n="{number}"|<a class="fig[^>]*href="#{name}" id="n{number}"',
        PAGE,
    )
    assert linked, f"figure {number} does not lead to {name}"
    return card


def test_quotations_are_short() -> None:
    quotes = [
        unescape(re.sub("<[^>]*>", "", quote))
        for quote in re.findall(r"<blockquote>(.*?)</blockquote>", PAGE.split('id="proof"')[1])
    ]
    assert quotes
    assert max(len(quote.strip("…")) for quote in quotes) <= 60


def test_label_and_disclaimer_are_seen_and_in_the_metadata() -> None:
    seen = re.sub(r"(?s)<(style|script|head).*?</\1>|<[^>]*>", "", PAGE)
    assert seen.count("本文由人工智能生成") == 2
    assert DISCLAIMER in seen
    assert json.loads(meta("AIGC"))["Label"] == "1"
    assert json.loads(meta("AIGC"))["ProduceID"] == "radar-2025-12-12-hans-r1"
    assert meta("ai-label") == "本文由人工智能生成"
    assert meta("disclaimer") == DISCLAIMER
    assert meta("quantshark:text-sha256") == digest(sample().printed.text)


def test_demo_is_across_the_page() -> None:
    assert '<body class="rise-red demo">' in PAGE
    assert '<p class="banner" role="note"><strong>演示数据</strong>' in PAGE
    assert meta("demo") == "true"


def test_a_demo_source_makes_a_demo_page_whatever_the_draft_says() -> None:
    assert '<body class="rise-red demo">' in made(demo=False)


def test_real_sources_carry_no_demo_banner() -> None:
    real = Archive.of([replace(document, demo=False) for document in DOCUMENTS], FACTS.values())
    one = sample(demo=False)
    html = page(one.printed, exhibits(one.verdicts, real), real, SITE)
    assert 'class="banner"' not in html
    assert '<body class="rise-red">' in html


def test_what_is_left_out_and_corrected_is_said() -> None:
    printed = render(draft(), IMPRINT, SITE, revision=2, notice="52.78亿港元更正为52.87亿港元")
    html = page(printed, exhibits(verdicts(printed), ARCHIVE), ARCHIVE, SITE)
    assert '<p class="notice"><strong>更正</strong> 52.78亿港元更正为52.87亿港元</p>' in html
    assert "主题追踪：当日资料不足以成篇" in html


def test_the_traditional_page_speaks_it_throughout() -> None:
    turn = Traditional()
    printed = render(turn.draft(draft()), turn.imprint(IMPRINT), SITE)
    html = page(printed, (), ARCHIVE, SITE)
    assert '<html lang="zh-Hant"' in html
    for words in ("數字與出處", "風險提示", "免責聲明", "演示數據", "原文"):
        assert words in html
    seen = re.sub(r"(?s)<(style|script).*?</\1>|<[^>]*>", "", html)
    assert turn.text(seen) == seen


def test_a_long_report_stays_small() -> None:
    many = "\n\n".join(
        [sample().printed.text[sample().printed.body_start : sample().printed.body_end].replace("## ", "### ")] * 20
    )
    printed = render(replace(draft(), sections=(section("long", "长文", many),)), IMPRINT, SITE)
    found = verdicts(printed)
    assert len(found) > 200
    html = page(printed, exhibits(found, ARCHIVE), ARCHIVE, SITE)
    assert len(html.encode()) < 300_000


def test_the_same_text_gives_the_same_page() -> None:
    assert made() == made()
