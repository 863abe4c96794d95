"""Articles and transcripts: text that says little of itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from quantshark.model import SHANGHAI
from quantshark.sources.noise import is_noise
from tests.sources.files import read_one, refusal

NOISE = [
    "![图片](https://img.example/a.png)",
    "**![](x.png)** ![](y.png)",
    "责任编辑：张三",
    "返回搜狐，查看更多",
    "举报/反馈",
    "Copyright © 2025 某网 版权所有",
    "©2025 某网",
    "版权所有 未经许可不得转载",
    "特别声明：以上内容为平台用户上传并发布，本平台仅提供信息存储服务。",
    "特別聲明:以上內容(如有圖片或視頻亦包括在內)為用戶上傳並發布。",
    "首页 > 财经 > 港股 > 正文",
    "京ICP备12345678号",
    "上一篇：恒指收涨",
    "打开APP查看更多",
]
TEXT = [
    "恒指收涨1%。",
    "版权所有者起诉某公司，索赔3亿元。",
    "公司特别声明：不存在应披露而未披露的信息",
    "打印机出口增长12%，评论称超预期。",
    "收藏品市场成交额5亿元",
    "首页改版后，京东日活增长3%",
    "如图所示：![图](x.png) 恒指收涨1%",
    "分享一组数据：南向净买入52亿港元，为三周新高，且连续十一日净买入",
    "",
]


@pytest.mark.parametrize("line", NOISE)
def test_page_furniture(line: str) -> None:
    assert is_noise(line)


@pytest.mark.parametrize("line", TEXT)
def test_words_stay(line: str) -> None:
    assert not is_noise(line)


def test_an_article_loses_its_furniture_only(tmp_path: Path) -> None:
    page = "首页 > 财经\n# 港股收评\n发布时间：2025-12-11 16:45\n\n![](a.png)\n\n恒指收涨1%。\n\n责任编辑：李四\n版权所有 某网\n"
    document = read_one(tmp_path, "a.txt", page)
    assert document.kind == "article"
    assert document.title == "港股收评"
    assert document.published_at == datetime(2025, 12, 11, 16, 45, tzinfo=SHANGHAI)
    assert document.text == "# 港股收评\n发布时间：2025-12-11 16:45\n\n恒指收涨1%。"


def test_a_sentence_is_no_title(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.txt", "今日港股高开。\n恒指涨1%。").title == ""


SPEECH = (
    "原始文件: 午间复盘_大跌__1月123.mp4\n处理时间: 2026-01-15 19:12:51\n文件类型: video_transcription\n"
    + "=" * 60
    + "\n\n"
)


def test_a_transcript_is_joined_where_it_was_cut(tmp_path: Path) -> None:
    speech = SPEECH + "上证收在4101点。\n跌了0.6%，成交放\n量到3万亿，AI\nETF大跌。\n\n下午再看。\n"
    document = read_one(tmp_path, "a.txt", speech)
    assert document.kind == "transcript"
    assert document.title == "午间复盘 大跌"
    assert document.published_at == datetime(2026, 1, 15, 19, 12, 51, tzinfo=SHANGHAI)
    assert document.text == "上证收在4101点。跌了0.6%，成交放量到3万亿，AI ETF大跌。\n\n下午再看。"


def test_not_a_character_of_a_speech_is_changed(tmp_path: Path) -> None:
    speech = SPEECH + "科创五零跌了 五个点。\n近500亿\n外资\n流出"
    text = read_one(tmp_path, "a.txt", speech).text
    assert text == "科创五零跌了 五个点。近500亿外资流出"


def test_a_transcript_needs_its_rule(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.txt", "文件类型: video_transcription\n上证跌了。\n").code == "transcript"


def test_an_empty_transcript_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a.txt", "文件类型: video_transcription\n" + "=" * 20 + "\n").code == "empty"
