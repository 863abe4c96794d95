"""One call to one model, against a real server on loopback that misbehaves."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from email.utils import formatdate

import pytest

from quantshark.errors import ModelError
from quantshark.model import Price, Usage
from quantshark.writers.calls import Ask, Budget, Chat, Circuit, Endpoint, Pace, Reply, journal_key, total
from quantshark.writers.chain import MAX_BYTES, ChatEndpoint, Method
from tests.writers.wire import Answer, Wire, completion, said, streamed

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.asyncio]
ASK = Ask((("system", "你是编辑。"), ("user", "写一句。")))
SHAPED = Ask(ASK.messages, schema={"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]})
SECRET = "sk-never-to-be-seen"  # noqa: S105  a made-up one


@asynccontextmanager
async def endpoint(wire: Wire, **settings: object) -> AsyncGenerator[Endpoint]:
    chat = ChatEndpoint("stub", wire.url, SECRET)
    options: dict[str, object] = {"call_seconds": 30.0, "backoff": 0.01, **settings}
    try:
        yield Endpoint(chat, **options)  # pyright: ignore[reportArgumentType]  the options are named in each test
    finally:
        await chat.close()


class MemoryJournal:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self.kept.get(key)

    def put(self, key: str, reply: str) -> None:
        self.kept[key] = reply


async def test_an_answer_is_counted() -> None:
    async with (
        Wire([said("好")]) as wire,
        endpoint(wire, price=Price(Decimal(1), Decimal(2), Decimal("0.1"), "CNY")) as it,
    ):
        budget = Budget.of(10)
        reply = await it.ask(ASK, budget)
    assert reply.text == "好"
    assert (reply.usage.tokens_in, reply.usage.tokens_out, reply.usage.tokens_cached, reply.usage.calls) == (
        100,
        20,
        70,
        1,
    )
    assert reply.usage.cost == Decimal("0.000077")  # 30 fresh x 1 + 70 cached x 0.1 + 20 out x 2, per million
    assert budget.spent.cost == reply.usage.cost


WORTH_ANOTHER_TRY = {
    "429": Answer(429, b'{"error": {"message": "slow down"}}'),
    "429 with Retry-After": Answer(429, b"{}", {"retry-after": "0"}),
    "500 HTML": Answer(500, b"<html>oops</html>", {"content-type": "text/html"}),
    "502 HTML": Answer(502, b"<html>bad gateway</html>", {"content-type": "text/html"}),
    "529": Answer(529, b"overloaded"),
    "closed before the answer": Answer(fault="close"),
    "reset mid-body": Answer(body=completion("好" * 500), fault="reset"),
    "half-open": Answer(body=completion("好"), fault="half_open"),
    "one byte at a time": Answer(body=completion("好" * 200), fault="drip"),
    "blank lines for ever": Answer(body=completion("好"), fault="blank_lines"),
    "HTML with status 200": Answer(200, b"<html>login</html>", {"content-type": "text/html"}),
    "JSON that is no completion": Answer(200, b'{"answer": "hi"}'),
    "cut JSON": Answer(200, completion("好")[:60]),
}


STALLS = frozenset({"half_open", "drip", "blank_lines"})


@pytest.mark.parametrize("fault", WORTH_ANOTHER_TRY.values(), ids=WORTH_ANOTHER_TRY.keys())
async def test_a_passing_fault_is_answered_by_another_try(fault: Answer) -> None:
    seconds = 2.0 if fault.fault in STALLS else 30.0
    async with Wire([fault, said("好")]) as wire, endpoint(wire, call_seconds=seconds) as it:
        reply = await it.ask(ASK, Budget.of(60))
    assert reply.text == "好"
    assert reply.usage.retries == 1
    assert len(wire.asked) == 2


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_an_answer_that_was_cut_off_is_a_paid_reply_that_says_so(finish: str) -> None:
    async with Wire([said('{"text": "好', finish=finish)]) as wire, endpoint(wire) as it:
        reply = await it.ask(SHAPED, Budget.of(10))
    assert (reply.text, reply.finish, reply.model) == ('{"text": "好', finish, "stub")
    assert (reply.usage.tokens_in, reply.usage.tokens_out, reply.usage.tokens_cached) == (100, 20, 70)
    assert len(wire.asked) == 1
    assert it.circuit.failed == 0


FINAL = {
    "400": Answer(400, b'{"error": {"message": "bad"}}'),
    "401": Answer(401, b'{"error": {"message": "who are you"}}'),
    "402": Answer(402, b'{"error": {"message": "Insufficient Balance"}}'),
    "quota": Answer(429, b'{"error": {"code": "insufficient_quota"}}'),
    "a redirect": Answer(307, b"", {"location": "http://127.0.0.1:1/v1/chat/completions"}),
    "a reply too large": Answer(200, completion("好" * MAX_BYTES)),
}


@pytest.mark.parametrize("fault", FINAL.values(), ids=FINAL.keys())
async def test_what_cannot_succeed_is_asked_once(fault: Answer) -> None:
    async with Wire([fault, said("好")]) as wire, endpoint(wire) as it:
        with pytest.raises(ModelError) as caught:
            await it.ask(ASK, Budget.of(20))
    assert caught.value.final
    assert len(wire.asked) == 1
    assert SECRET not in str(caught.value)


async def test_a_server_without_keys_is_asked_all_the_same() -> None:
    async with Wire([said("好")]) as wire:
        chat = ChatEndpoint("stub", wire.url, "")
        reply = await Endpoint(chat).ask(ASK, Budget.of(20))
        await chat.close()
    assert reply.text == "好"


async def test_a_refused_connection_is_named_with_the_way_out() -> None:
    chat = ChatEndpoint("stub", "http://127.0.0.1:9/v1", SECRET)
    with pytest.raises(ModelError, match=r"cannot be reached.*is the server running"):
        await Endpoint(chat, attempts=2, backoff=0.01).ask(ASK, Budget.of(20))
    await chat.close()


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_a_retry_after_beyond_the_deadline_goes_to_the_next_model_at_once(form: str) -> None:
    told = "30" if form == "seconds" else formatdate(time.time() + 30, usegmt=True)
    async with Wire([Answer(429, b"{}", {"retry-after": told})]) as wire, endpoint(wire) as it:
        with pytest.raises(ModelError) as caught:
            await it.ask(ASK, Budget.of(5))
    assert len(wire.asked) == 1
    assert caught.value.retry_after == pytest.approx(30, abs=25)


@pytest.mark.parametrize("told", ["-5", "soon", "inf", "nan"])
async def test_an_unreadable_retry_after_says_nothing(told: str) -> None:
    async with Wire([Answer(429, b"{}", {"retry-after": told}), said("好")]) as wire, endpoint(wire) as it:
        assert (await it.ask(ASK, Budget.of(5))).text == "好"


async def test_a_stall_ends_at_the_deadline_of_the_report() -> None:
    async with (
        Wire([Answer(body=completion("好"), fault="blank_lines")]) as wire,
        endpoint(wire, call_seconds=60) as it,
    ):
        with pytest.raises(ModelError, match="no whole answer"):
            await it.ask(ASK, Budget.of(0.4))


async def test_a_paid_reply_is_kept_before_it_is_used_and_read_for_nothing() -> None:
    journal = MemoryJournal()
    async with Wire([said("好")]) as wire, endpoint(wire, journal=journal) as it:
        first = await it.ask(ASK, Budget.of(5))
        budget = Budget.of(5)
        again = await it.ask(ASK, budget)
        assert len(wire.asked) == 1
        assert (again.text, again.cached, budget.spent) == (first.text, True, Usage())
        it.read_journal = False
        await it.ask(ASK, Budget.of(5))
    assert len(wire.asked) == 2
    assert SECRET not in repr(journal.kept)


async def test_the_key_of_the_journal_tells_each_part_of_the_question() -> None:
    asks = [
        ASK,
        SHAPED,
        Ask(ASK.messages, temperature=0.9),
        Ask(ASK.messages, max_tokens=9),
        Ask((("user", "写一句。"),)),
    ]
    keys = {journal_key(model, ask) for model in ("a", "b") for ask in asks}
    assert len(keys) == 10


async def test_the_circuit_opens_and_a_probe_closes_it() -> None:
    circuit = Circuit(failures=2, seconds=0.2)
    async with Wire([Answer(500), Answer(500), said("好")]) as wire, endpoint(wire, circuit=circuit, attempts=1) as it:
        for _ in range(2):
            with pytest.raises(ModelError):
                await it.ask(ASK, Budget.of(5))
        with pytest.raises(ModelError, match="left alone"):
            await it.ask(ASK, Budget.of(5))
        assert len(wire.asked) == 2
        await asyncio.sleep(0.25)
        assert (await it.ask(ASK, Budget.of(5))).text == "好"
        assert circuit.opened is None


async def test_no_more_calls_fly_at_once_than_allowed() -> None:
    async with Wire([Answer(body=completion("好"), delay=0.05)]) as wire, endpoint(wire, pace=Pace(in_flight=3)) as it:
        await asyncio.gather(*(it.ask(ASK, Budget.of(5)) for _ in range(12)))
    assert wire.most_in_flight == 3


SHORT = Ask(ASK.messages, max_tokens=20)
CAPS = {"tokens": {"tokens": 130}, "money": {"money": Decimal("0.0001")}}
"""Room for one call and not for a second one."""


@pytest.mark.parametrize("limit", CAPS)
async def test_a_cap_stops_the_report(limit: str) -> None:
    budget = Budget.of(5, **CAPS[limit])  # pyright: ignore[reportArgumentType]  each cap has its own type
    price = Price(Decimal(1), Decimal(2), Decimal(1), "CNY")
    async with Wire([said("好")]) as wire, endpoint(wire, price=price) as it:
        await it.ask(SHORT, budget)
        with pytest.raises(ModelError) as caught:
            await it.ask(SHORT, budget)
    assert caught.value.final
    assert caught.value.details["limit"] == limit


async def test_nothing_is_asked_after_the_deadline() -> None:
    async with Wire([said("好")]) as wire, endpoint(wire) as it:
        with pytest.raises(ModelError, match="deadline"):
            await it.ask(ASK, Budget.of(0))
    assert not wire.asked


REFUSES_SCHEMAS = Answer(400, b'{"error": {"message": "response_format json_schema is not supported"}}')


async def test_how_an_endpoint_takes_a_schema_is_found_out_once() -> None:
    answers = [REFUSES_SCHEMAS, Answer(body=completion(None, tool='{"text": "好"}', finish="tool_calls")), said("x")]
    async with Wire(answers) as wire, endpoint(wire) as it:
        assert (await it.ask(SHAPED, Budget.of(5))).text == '{"text": "好"}'
        await it.ask(Ask(ASK.messages, schema=SHAPED.schema, temperature=0.5), Budget.of(5))
    assert ["response_format" in asked for asked in wire.asked] == [True, False, False]
    assert ["tools" in asked for asked in wire.asked] == [False, True, True]


def deaf(_piece: str) -> None:
    """Who only wants it streamed."""


HEARD = ("南向资金", "净卖出", "。")


async def test_a_stream_is_told_as_it_comes_and_counted() -> None:
    heard: list[str] = []
    async with Wire([streamed(HEARD)]) as wire, endpoint(wire) as it:
        reply = await it.ask(replace(ASK, hear=heard.append), Budget.of(20))
    assert heard == ["", *HEARD]
    assert (reply.text, reply.finish, reply.model) == ("".join(HEARD), "stop", "stub")
    assert (reply.usage.tokens_in, reply.usage.tokens_out, reply.usage.tokens_cached) == (100, 20, 70)
    assert [asked["stream"] for asked in wire.asked] == [True]


async def test_nobody_hears_nothing_is_streamed() -> None:
    async with Wire([said("好")]) as wire, endpoint(wire) as it:
        await it.ask(ASK, Budget.of(20))
    assert not wire.asked[0].get("stream")


BROKEN_STREAMS = {
    "reset": replace(streamed(HEARD), fault="reset"),
    "ends without a reason": streamed(HEARD, finish=None),
    "nothing but keep-alives": Answer(200, b": ping\n\n" * 3, {"content-type": "text/event-stream"}),
    "an error in the middle": streamed(HEARD, last='{"error": {"message": "overloaded"}}'),
    "half a chunk": streamed(HEARD, last='{"choices": [{"index": 0, "delta"'),
}


@pytest.mark.parametrize("fault", BROKEN_STREAMS.values(), ids=BROKEN_STREAMS.keys())
async def test_a_stream_that_breaks_off_is_asked_again(fault: Answer) -> None:
    heard: list[str] = []
    async with Wire([streamed(("一",)), fault, streamed(HEARD)]) as wire, endpoint(wire) as it:
        await it.ask(replace(ASK, hear=heard.append), Budget.of(20))  # from here on it is known to stream
        reply = await it.ask(replace(ASK, hear=heard.append, temperature=0.9), Budget.of(20))
    assert reply.text == "".join(HEARD)
    assert heard[-4:] == ["", *HEARD]


NO_STREAM = {
    "refused": Answer(400, b'{"error": {"message": "stream_options is not supported"}}'),
    "answered in one piece": said("好"),
}


@pytest.mark.parametrize("first", NO_STREAM.values(), ids=NO_STREAM.keys())
async def test_an_endpoint_that_does_not_stream_is_found_out_once(first: Answer) -> None:
    ask = replace(ASK, hear=deaf)
    async with Wire([first, said("好")]) as wire, endpoint(wire) as it:
        assert (await it.ask(ask, Budget.of(20))).text == "好"
        await it.ask(replace(ask, temperature=0.9), Budget.of(20))
    assert [bool(asked.get("stream")) for asked in wire.asked] == [True, False, False]


METHODS_TOLD = {
    "json_schema": (said('{"text": "好"}'), "json_schema"),
    "function_calling": (Answer(body=completion(None, tool='{"text": "好"}', finish="tool_calls")), None),
    "json_mode": (said('{"text": "好"}'), "json_object"),
}


@pytest.mark.parametrize("method", METHODS_TOLD)
async def test_a_method_that_is_set_is_the_one_that_is_used(method: Method) -> None:
    answer, kind = METHODS_TOLD[method]
    async with Wire([answer]) as wire:
        chat = ChatEndpoint("stub", wire.url, SECRET, method=method)
        reply = await Endpoint(chat).ask(SHAPED, Budget.of(20))
        await chat.close()
    assert json.loads(reply.text) == {"text": "好"}
    asked = wire.asked[0]
    assert asked.get("response_format", {}).get("type") == kind
    assert ("tools" in asked) == (method == "function_calling")


async def test_a_streamed_tool_call_keeps_its_arguments_as_they_were_sent() -> None:
    told = '{"text": "好", "text": "坏"}'
    async with Wire([streamed((told[:9], told[9:]), tool=True)]) as wire:
        chat = ChatEndpoint("stub", wire.url, SECRET, method="function_calling")
        reply = await Endpoint(chat).ask(replace(SHAPED, hear=deaf), Budget.of(20))
        await chat.close()
    assert reply.text == told


async def test_calls_side_by_side_do_not_pass_a_cap_together() -> None:
    budget = Budget.of(30, tokens=130)
    async with Wire([replace(said("好"), delay=0.2)]) as wire, endpoint(wire) as it:
        done = await asyncio.gather(
            *(it.ask(replace(SHORT, temperature=n / 10), budget) for n in range(6)), return_exceptions=True
        )
    assert len(wire.asked) < 6
    assert all(isinstance(each, Reply) or (isinstance(each, ModelError) and each.final) for each in done)


class Steady:
    """A chat that always costs the same."""

    name = "steady"

    async def send(self, ask: Ask) -> Reply:
        return Reply(text=ask.messages[0][1], usage=Usage(tokens_in=1, tokens_out=1))


async def test_a_chat_is_anything_that_sends() -> None:
    chat: Chat = Steady()
    assert (await Endpoint(chat).ask(ASK, Budget.of(5))).text == "你是编辑。"


async def test_an_unknown_cost_stays_unknown() -> None:
    assert total(Usage(calls=1), Usage(calls=1)).cost is None
    assert total(Usage(cost=Decimal(1)), Usage()).cost == Decimal(1)
