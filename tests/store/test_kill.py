"""A process that is killed while it stores leaves every document whole or absent."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from quantshark.store import Store
from tests.store.nouns import document, fact

FACTS = 7
MANY = 20_000

INGEST = f"""
import sys
from quantshark.store import Store
from tests.store.nouns import document, fact

def items(round):
    for number in range({MANY}):
        if number == 200:
            print("some are stored", flush=True)
        name = f"d{{number}}"
        facts = [fact(name, place, value=str(round)) for place in range({FACTS})]
        yield document(name, text=f"第{{round}}版"), facts

with Store.open(sys.argv[1]) as store:
    store.put(items(int(sys.argv[2])))
"""


def kill_in_the_middle(url: str, version: int, after: float) -> None:
    command = [sys.executable, "-c", INGEST, url, str(version)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    assert process.stdout.readline() == "some are stored\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it was done before it was killed: store more"


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_leaves_no_document_half_stored(url: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for version in (1, 2):
        kill_in_the_middle(url, version, chance.uniform(0, 0.3))
        with Store.open(url) as store:
            documents = store.documents()
            facts = store.facts()
            every = store.facts(current=False)
        text = {document.doc_id: document.text for document in documents}
        assert len(facts) == FACTS * len(documents)
        for found in facts:
            assert found.source is not None
            assert text[found.source.doc_id] == f"第{found.value}版"
        assert len(every) % FACTS == 0
        assert len(documents) >= 64
    with Store.open(url) as store:
        assert store.put([(document("d0", text="第3版"), [fact("d0")])]).facts == 1
