"""Commands about the house itself: init, doctor."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from quantshark.cli.terminal import print_json, print_text, say
from quantshark.errors import QuantSharkError, SettingsError

if TYPE_CHECKING:  # reading the settings costs more than all of `--help` may cost
    from quantshark.settings import Settings

TEMPLATE = Path(__file__).with_name("quantshark.toml")
RECENT_DAYS = 30
MARKS = {"ok": "✓", "note": "·", "wrong": "✗"}


class Finding(NamedTuple):
    """One thing that `doctor` looked at, and what to do where it is not as it should be."""

    state: Literal["ok", "note", "wrong"]
    what: str
    remedy: str = ""


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="放设置文件的文件夹")] = Path(),
) -> None:
    """在文件夹里放一份写明每一项的 quantshark.toml，已有的不动。

    \b
    例：
      quantshark init
      quantshark init ~/newsroom
    """
    file = folder / TEMPLATE.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as out:
            out.write(TEMPLATE.read_text("utf-8"))
    except FileExistsError:
        say(f"{file} 已经在了，没有改动。")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written ({error.strerror}); choose another folder") from None
    else:
        say(f"写好了 {file}。改完运行 quantshark doctor 检查。")


def doctor(*, json: Annotated[bool, typer.Option("--json", help="只输出 JSON，供程序读取")] = False) -> None:
    """看一遍设置：配好了什么，缺什么，该怎么办。

    \b
    例：
      quantshark doctor
    """
    findings = list(_findings())
    if json:
        print_json(findings)
    else:
        for finding in findings:
            print_text(
                f"{MARKS[finding.state]} {finding.what}" + (f"\n    → {finding.remedy}" if finding.remedy else "")
            )
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _findings() -> Iterator[Finding]:
    yield Finding("ok", f"Python {sys.version.split()[0]}")
    from quantshark import settings

    try:
        found = settings.load()
    except QuantSharkError as error:
        yield Finding("wrong", f"设置读不了：{error}")
        return
    yield _file(settings.FILE_NAME)
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _home,
        _store,
        _registry,
        _editions,
        _calendar,
        _model,
    )
    for check in checks:
        try:
            yield from check(found)
        except QuantSharkError as error:
            yield Finding("wrong", str(error))


def _file(name: str) -> Finding:
    if Path(name).is_file():
        return Finding("ok", f"设置文件：{Path(name).resolve()}")
    return Finding("note", "没有设置文件，全部用默认值", "quantshark init 会写一份，每一项都有说明")


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home.absolute()
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK):
        yield Finding("ok", f"工作文件夹：{home}" + ("" if home.exists() else "（第一次使用时建立）"))
    else:
        yield Finding("wrong", f"工作文件夹不能写：{home}", "换一个：设置 QUANTSHARK_HOME")


def _store(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url.get_secret_value() and not (settings.home / "quantshark.db").exists():
        yield Finding("note", "资料库是空的", "用 quantshark ingest 读入资料；试用可以读 fixtures")
        return
    from quantshark.store import Store

    with Store.open(settings.store_url) as store:
        kind = "PostgreSQL" if store.is_postgres else "SQLite"
        recent = store.documents(since=datetime.now(UTC) - timedelta(days=RECENT_DAYS))
        released = store.releases(limit=1)
    told = f"近 {RECENT_DAYS} 天资料 {len(recent)} 篇" if recent else f"近 {RECENT_DAYS} 天没有新资料"
    yield Finding("ok", f"资料库：{kind}，{told}" + (f"，最近一期 {released[0].release_id}" if released else ""))


def _registry(settings: Settings) -> Iterator[Finding]:
    folder = settings.user_registry
    from quantshark.data import load_concepts, load_entities, load_measures

    sizes = (len(load_entities(folder)), len(load_measures(folder)), len(load_concepts(folder)))
    told = "公司与指数 {} 个，指标 {} 个，词条 {} 条".format(*sizes)
    yield Finding("ok", told + (f"（含 {folder} 里自己的）" if folder else ""))


def _editions(settings: Settings) -> Iterator[Finding]:
    from quantshark import editions

    known = [editions.load(slug, settings.prompts_dir) for slug in editions.slugs(settings.prompts_dir)]
    yield Finding("ok", "报告：" + "、".join(f"{edition.slug}（{edition.name}）" for edition in known))


def _calendar(settings: Settings) -> Iterator[Finding]:
    from quantshark.calendars import Calendar

    today = datetime.now(UTC).date()
    for name in ("XHKG", "XSHG", "SOUTHBOUND"):
        calendar = Calendar(name, settings.user_registry)
        if today > calendar.official_until:
            remedy = "更新 quantshark，或在自己的 registry 里写交易日历"
            yield Finding("note", f"{calendar.title}的交易日历只公布到 {calendar.official_until}", remedy)


def _price(model: str, registry: Path | None) -> Finding:
    """What a model costs by our list: prices change, and not all of ours were read from a page."""
    from quantshark.data import load_prices

    known = load_prices(registry).get(model)
    remedy = "以服务商的价格页为准，写进 QUANTSHARK_REGISTRY_DIR 里的 prices.json，费用和费用上限才算得准"
    if known is None:
        return Finding("note", f"不知道 {model} 的价格：费用不计，也不能设费用上限", remedy)
    told = f"价格：{model} 每百万词元读入 {known.tokens_in}、写出 {known.tokens_out} {known.currency}（{known.dated}）"
    source = f"，出处 {known.source}" if known.source else "，没有核对过"
    return Finding("note", told + source, remedy)


def _model(settings: Settings) -> Iterator[Finding]:
    llm = settings.llm
    if llm.configured:
        key = "有密钥" if llm.api_key.get_secret_value() else "无密钥"
        yield Finding("ok", f"语言模型：{llm.model}（{llm.base_url or '默认地址'}，{key}）")
        yield _price(llm.model, settings.user_registry)
    else:
        missing = [
            n for n, v in (("QUANTSHARK_LLM__MODEL", llm.model), ("QUANTSHARK_LLM__BASE_URL", llm.base_url)) if not v
        ]
        yield Finding("note", "没有配置语言模型：用规则写稿，不联网", f"要用模型，请设置 {'、'.join(missing)}")
