"""A reply is one whole JSON object, or a sentence that tells the model why not; whether it fits is the form's question."""

from __future__ import annotations

import base64
import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantshark.errors import ReplyError
from quantshark.writers.calls import Reply
from quantshark.writers.reply import MAX_CHARACTERS, one_object, require_chinese, whole

ATTACKS = Path(__file__).parents[3] / "shared" / "attacks"


def read(reply: Reply) -> dict[str, object]:
    """What a writer does with a reply before its form looks at it."""
    whole(reply)
    return one_object(reply.text)


TOLERATED = {
    "plain": '{"text": "南向资金{f1}。"}',
    "fence": '```json\n{"text": "南向资金{f1}。"}\n```',
    "fence and talk": '好的，结果如下：\n```\n{"text": "南向资金{f1}。"}\n```\n以上。',
    "reasoning": '<think>先看 {f1} 再写 {"text": "错"}</think>\n{"text": "南向资金{f1}。"}',
    "white space": ' \n {"text": "南向资金{f1}。"} \n',
}


@pytest.mark.parametrize("text", TOLERATED.values(), ids=TOLERATED.keys())
def test_what_models_wrap_around_an_answer_is_tolerated(text: str) -> None:
    assert read(Reply(text))["text"] == "南向资金{f1}。"


REFUSED = {
    "empty": ("", "empty"),
    "only reasoning": ("<think>嗯</think>", "empty"),
    "prose": ("南向资金净卖出。", "no JSON object"),
    "two objects": ('{"text": "a"} {"text": "b"}', "more than one"),
    "duplicate key": ('{"text": "a", "text": "b"}', "twice"),
    "nested duplicate": ('{"text": {"a": 1, "a": 2}}', "twice"),
    "NaN": ('{"text": "a", "level": NaN}', "NaN"),
    "infinity": ('{"text": "a", "level": -Infinity}', "Infinity"),
    "1e400": ('{"text": "a", "level": 1e400}', "too large"),
    "list": ("[1, 2]", "no JSON object"),
    "refusal": ("抱歉，我无法完成这个请求 {}", "refusal"),
    "deep": ('{"text":' * 100_000, "more than|not whole"),
    "too long": ("{" + " " * MAX_CHARACTERS + "}", "characters"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_everything_else_is_refused_with_what_to_do(text: str, told: str) -> None:
    with pytest.raises(ReplyError, match=told):
        read(Reply(text))


@pytest.mark.parametrize("finish", ["length", "content_filter", "insufficient_system_resource"])
def test_a_reply_that_was_cut_off_is_refused_though_it_parses(finish: str) -> None:
    with pytest.raises(ReplyError, match="cut off"):
        read(Reply('{"text": "a"}', finish=finish))


def test_a_reply_cut_at_any_byte_is_refused() -> None:
    whole = json.dumps({"text": "南向资金{f1}，小米集团-W{f2}。", "level": 3}, ensure_ascii=False).encode()
    for size in range(len(whole)):
        with pytest.raises(ReplyError):
            read(Reply(whole[:size].decode(errors="replace")))


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(ReplyError):
        one_object(text)


def test_the_public_json_suite_raises_nothing_else() -> None:
    path = ATTACKS / "json" / "jsontestsuite.jsonl"
    if not path.exists():
        pytest.skip("the public JSON cases are not beside the checkout (../shared/attacks)")
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if "b64" not in case:
            continue  # two very deep ones are told by rule; "deep" above is their like
        text = base64.b64decode(case["b64"]).decode("utf-8", errors="replace")
        with contextlib.suppress(ReplyError):
            one_object(text)


@pytest.mark.parametrize("text", ["The southbound flow was negative today.", "12.5", "", "Buy now: strong flows 好"])
def test_prose_in_another_language_is_refused(text: str) -> None:
    with pytest.raises(ReplyError, match="Chinese"):
        require_chinese(text)


def test_names_in_latin_letters_are_welcome() -> None:
    require_chinese("DeepSeek 与 NVIDIA 的合作带动 AI 芯片板块走强。")
