"""Variants come from files, folders and inline edits, and are held to the rules of prompt files."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantshark.errors import LabError, PromptError
from quantshark.lab import variants
from tests.conftest import ROOT
from tests.lab.conftest import OVERVIEW

TEXT = (ROOT / "prompts" / OVERVIEW).read_text("utf-8")


def test_a_file_is_for_the_prompt_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "overview.short.prompty"
    path.write_text(TEXT, "utf-8")
    found = variants.from_path(str(path), "radar", None)
    assert (found.name, dict(found.texts)) == ("overview.short", {OVERVIEW: TEXT})
    assert variants.from_path(f"brief={path}", "radar", None).name == "brief"


def test_a_folder_may_change_several_prompts_shared_ones_included(tmp_path: Path) -> None:
    (tmp_path / "overview.prompty").write_text(TEXT, "utf-8")
    house = (ROOT / "prompts/shared/house.prompty").read_text("utf-8")
    (tmp_path / "house.prompty").write_text(house, "utf-8")
    found = variants.from_path(f"both={tmp_path}", "radar", None)
    assert set(found.texts) == {OVERVIEW, "shared/house.prompty"}


def test_in_comments_a_prompt_that_nobody_is_asked_with_is_no_variant(tmp_path: Path) -> None:
    """Comments on all sections are asked for with one shared file: another overview would be compared with itself."""
    (tmp_path / "overview.prompty").write_text(TEXT, "utf-8")
    named = variants.contenders([variants.current(), variants.from_path(f"o={tmp_path}", "radar", None)], ["m"], [None])
    with pytest.raises(LabError, match=r"o changes radar/overview\.prompty, and comments are asked for with"):
        variants.require_asked(named, "radar", "comments")
    variants.require_asked(named, "radar", "sentences")
    edit = variants.from_edit("plain:接着观察=>之后留意", "overview", "radar", None, "comments")
    assert set(edit.texts) == {"shared/comment.prompty"}


def test_what_is_no_prompt_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overview.prompty"
    path.write_text("写吧", "utf-8")
    with pytest.raises(PromptError, match="no front matter"):
        variants.from_path(str(path), "radar", None)
    with pytest.raises(LabError, match="no prompt file at"):
        variants.from_path(str(tmp_path / "missing.prompty"), "radar", None)


def test_an_edit_replaces_one_passage() -> None:
    found = variants.from_edit("plain:流入说支持=>流入说回暖", "overview", "radar", None)
    assert found.name == "plain"
    assert found.texts[OVERVIEW] == TEXT.replace("流入说支持", "流入说回暖")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("plain:没有这句=>别的", "stands 0 times"),
        ("plain:。=>！", r"stands \d+ times"),
        ("plain", "write NAME:OLD=>NEW"),
        ("plain:流入说支持", "write NAME:OLD=>NEW"),
    ],
)
def test_an_edit_that_is_not_clear_is_refused(told: str, why: str) -> None:
    with pytest.raises(LabError, match=why):
        variants.from_edit(told, "overview", "radar", None)


def test_an_edit_of_a_section_without_a_prompt_of_its_own_is_of_the_shared_one(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "section.prompty").write_text(TEXT, "utf-8")
    found = variants.from_edit("own:流入说支持=>流入说回暖", "news", "scan", tmp_path)
    assert set(found.texts) == {"shared/section.prompty"}


def test_contenders_are_named_apart() -> None:
    made = variants.contenders([variants.current()], ["big", "small"], [0.2, 0.8])
    assert [c.name for c in made] == ["current@big~0.2", "current@big~0.8", "current@small~0.2", "current@small~0.8"]
    assert [c.name for c in variants.contenders([variants.current()], ["big"], [None])] == ["current"]


def test_two_of_one_name_are_refused() -> None:
    with pytest.raises(LabError, match="two variants are called current"):
        variants.contenders([variants.current(), variants.current()], ["big"], [None])
