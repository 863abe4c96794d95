"""Whatever editors do, in whatever order: nothing goes out that somebody did not prove or two people did not answer for.

And whatever kills them in the middle: every draft in the store is whole.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from quantshark.errors import ConflictError, EditError, ReleaseError, RightsError
from quantshark.model import WAIVABLE
from quantshark.newsroom import Newsroom
from quantshark.newsroom.framing import Frames
from quantshark.press import ledger as ledgers
from quantshark.settings import Settings
from tests.newsroom.conftest import FIRST

WALKS = int(os.environ.get("FAULTS", "0")) // 20 or 2
"""`FAULTS=1000` takes fifty walks instead of two."""
WHO = st.sampled_from(("陈", "李"))
SAID = st.sampled_from(
    (
        "据称，参会企业共有37家。",
        "某机构称，西部渠道净卖出52.87亿港元。",
        "12月11日，南向资金净买入52.87亿港元。",
        "12月11日，南向资金净卖出52.87亿港元。",
        "南向资金{f1}。",
        "以上。",
    )
)
REFUSED = (EditError, ConflictError, RightsError, ReleaseError)


class Editors(RuleBasedStateMachine):
    """Two people at one desk."""

    home: Path
    frames: Frames

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.home, self.folder / "home")
        self.desk = Newsroom(Settings(home=self.folder / "home"), self.frames)
        self.draft = FIRST

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.desk.store.close()
            shutil.rmtree(self.folder)

    def take(self, made: object) -> None:
        self.draft = self.desk.drafts(FIRST)[0].draft_id
        assert made is not None

    @rule(who=WHO, said=SAID)
    def mend(self, who: str, said: str) -> None:
        text = self.desk.reread(self.draft).saved.draft.sections[0].text
        self.take(self.desk.mend(self.draft, self.slug, f"{text}\n\n{said}", who))

    @property
    def slug(self) -> str:
        return self.desk.reread(self.draft).saved.draft.sections[0].slug

    @rule(who=WHO, verb=st.sampled_from(("bind", "waive", "confirm", "revoke")), place=st.integers(0, 3))
    def decide(self, who: str, verb: str, place: int) -> None:
        reread = self.desk.reread(self.draft)
        open_ones = [v for v in reread.verdicts if v.blocks or v.ruling is not None]
        if not open_ones:
            return
        verdict = open_ones[place % len(open_ones)]
        span = (verdict.start, verdict.end)
        flow = next(i.ref for i in reread.judged.context.items if str(i.fact.value) == "-5287000000")
        try:
            if verb == "bind":
                self.take(self.desk.bind(self.draft, span, flow, "即南向", who))
            elif verb == "waive":
                self.take(self.desk.waive(self.draft, span, "到场清点", who))
            else:
                self.take(getattr(self.desk, verb)(self.draft, span, who))
        except REFUSED:
            pass

    @rule(who=WHO)
    def undo(self, who: str) -> None:
        with contextlib.suppress(EditError):
            self.take(self.desk.undo(self.draft, who))

    @rule(who=WHO)
    def approve(self, who: str) -> None:
        try:
            self.desk.approve(self.draft, who)
        except ReleaseError:
            assert not self.desk.reread(self.draft).releasable

    @rule(who=WHO)
    def release(self, who: str) -> None:
        reread = self.desk.reread(self.draft)
        known = {release.text for release in self.desk.store.releases()}
        try:
            out = self.desk.release(self.draft, who)
        except REFUSED:
            return
        assert out.text == reread.printed.text
        approved = {a.actor for a in self.desk.store.approvals(self.draft)}
        waived = any(figure.waived for figure in ledgers.read(out.ledger).figures)
        assert out.text in known or len(approved) >= (2 if waived else 1)

    @invariant()
    def nothing_wrong_is_out(self) -> None:
        for release in self.desk.store.releases() if hasattr(self, "desk") else ():
            for figure in ledgers.read(release.ledger).figures:
                assert figure.status != "refuted"
                if figure.status in WAIVABLE:
                    assert figure.waived
                    assert figure.waived.by != figure.waived.confirmed_by


def test_two_editors_in_any_order(drafted_home: tuple[Path, Frames]) -> None:
    class Here(Editors):
        home, frames = drafted_home

    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Here, settings=settings(max_examples=WALKS, stateful_step_count=8, deadline=None, suppress_health_check=slow)
    )


EDIT = """
import sys
from pathlib import Path
from quantshark.newsroom import Newsroom
from quantshark.settings import Settings

desk = Newsroom(Settings(home=Path(sys.argv[1])))
draft = sys.argv[2]
desk.reread(draft)
print("ready", flush=True)
while True:
    text = desk.reread(draft).saved.draft.sections[0].text
    slug = desk.reread(draft).saved.draft.sections[0].slug
    made = desk.mend(draft, slug, text + "\\n\\n以上。", "陈")
    desk.approve(made.saved.draft_id, "陈")
    desk.release(made.saved.draft_id, "陈")
    draft = made.saved.draft_id
"""


@pytest.mark.parametrize("seed", range(int(os.environ.get("FAULTS", "0")) // 50 or 1))
def test_a_kill_in_the_middle_of_a_verb_leaves_whole_drafts_and_releases(desk: Newsroom, seed: int) -> None:
    home = desk.settings.home
    desk.store.close()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", EDIT, str(home), FIRST], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(seed).uniform(0.5, 2))  # noqa: S311
    process.send_signal(signal.SIGKILL)
    process.communicate()
    again = Newsroom(Settings(home=home))
    history = again.drafts(FIRST)
    assert [saved.number for saved in history] == list(range(len(history), 0, -1))
    for saved in history[:-1]:
        assert again.store.draft(saved.parent).number == saved.number - 1
        assert saved.checked
    for release in again.store.releases():
        assert again.shelf.files(release)[f"{release.stem}.md"].decode() == release.text
    # Who comes after goes on from there.
    newest = history[0]
    slug = newest.draft.sections[0].slug
    text = newest.draft.sections[0].text + "\n\n接着写。"
    assert again.mend(newest.draft_id, slug, text, "李").saved.number == newest.number + 1
