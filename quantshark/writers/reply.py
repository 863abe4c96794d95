"""From a model's reply to one JSON object, or to a sentence that tells the model what was wrong.

Tolerant of what models wrap around an answer (code fences, reasoning text in think tags); strict about the rest: one object
and no other, no duplicate keys, no NaN or infinity, nothing cut off, no refusal. It never repairs JSON: a guess at what a
model meant is a guess at a figure.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from quantshark.errors import ReplyError
from quantshark.writers.calls import Reply

MAX_CHARACTERS = 200_000
_THINKING = re.compile(r"<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)
_FENCE = re.compile(r"\A[^{}\[\]`]*```[a-zA-Z0-9]*\s*\n(.*?)\n?```[^{}\[\]`]*\Z", re.DOTALL)
_REFUSAL = re.compile(
    r"\A\s*(抱歉|很抱歉|对不起|對不起|我(无法|不能|無法)|作为(一个)?(AI|人工智能)|I['’]?m sorry|I cannot|I can['’]t|As an AI)",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")


def whole(reply: Reply) -> None:
    """Raise ReplyError for a reply that the endpoint itself says it has cut off."""
    if reply.finish not in {"stop", "tool_calls", "function_call", ""}:
        raise ReplyError(
            f"the reply was cut off ({reply.finish}); answer shorter and whole",
            finish=reply.finish,
            told="没有写完，写得短一些",
        )


def one_object(text: str) -> dict[str, Any]:  # JSON is what it is until the form has read it
    """The one JSON object of a reply. Raises ReplyError."""
    if len(text) > MAX_CHARACTERS:
        raise ReplyError(
            f"the reply has {len(text)} characters, more than {MAX_CHARACTERS}; answer with the object alone"
        )
    body = _THINKING.sub("", text).strip()
    if not body:
        raise ReplyError("the reply was empty; answer with one JSON object")
    fenced = _FENCE.match(body)
    body = (fenced[1] if fenced else body).strip()
    if _REFUSAL.match(body):
        raise ReplyError("the reply was a refusal; answer with one JSON object", refused=True)
    return _decode(body)


def _decode(body: str) -> dict[str, Any]:
    start = body.find("{")
    if start < 0:
        raise ReplyError("the reply holds no JSON object; answer with one JSON object and nothing else")
    decoder = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_finite)
    try:
        found, end = decoder.raw_decode(body, start)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ReplyError(f"the reply is not whole JSON ({error}); answer with one complete JSON object") from error
    if "{" in body[end:] or "{" in body[:start]:
        raise ReplyError("the reply holds more than one JSON object; answer with exactly one")
    return found


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ReplyError("the reply names a key twice; name each key once")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ReplyError(f"the reply holds {name}; that is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ReplyError(f"the reply holds {text}, which is too large")
    return value


def require_chinese(text: str) -> None:
    """Raise ReplyError for prose that is not Chinese. Names (DeepSeek, NVIDIA) are welcome inside it."""
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if han < 2 * words or not han:
        raise ReplyError("the prose is not Chinese; write it in Chinese", told="用中文写")
