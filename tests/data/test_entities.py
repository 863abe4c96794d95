"""The registry of names: codes that cannot be wrong by form, names that mean one thing, users' own rows."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import cast

import opencc
import pytest

from quantshark.data import ENTITY_KINDS, are_twins, load_entities, load_traps, names_of, use
from quantshark.data.entities import HEADER
from quantshark.errors import DataError
from quantshark.lexicon.names import Names
from quantshark.model import Entity

ENTITIES = load_entities()
BY_CODE = {entity.code: entity for entity in ENTITIES}

# name as the five founding documents write it -> code
FROM_SEEDS = [
    ("小米集团-W", "1810.HK"), ("小米", "1810.HK"), ("腾讯控股", "0700.HK"), ("腾讯", "0700.HK"),
    ("阿里巴巴-W", "9988.HK"), ("阿里巴巴", "9988.HK"), ("阿里", "9988.HK"), ("阿里巴巴", "BABA.US"),
    ("美团-W", "3690.HK"), ("美团", "3690.HK"), ("摩尔线程", "688795.SH"), ("中国银行", "3988.HK"),
    ("中国银行", "601988.SH"), ("京东", "9618.HK"), ("百度", "9888.HK"), ("昆仑芯", "CO.KUNLUNXIN"),
    ("Broadcom", "AVGO.US"), ("Anthropic", "CO.ANTHROPIC"), ("OpenAI", "CO.OPENAI"), ("DeepSeek", "CO.DEEPSEEK"),
    ("中芯国际", "0981.HK"), ("中芯国际", "688981.SH"), ("华虹半导体", "1347.HK"), ("浪潮信息", "000977.SZ"),
    ("灵犀互娱", "CO.LINGXI"), ("摩根士丹利", "MS.US"), ("MiniMax", "0100.HK"), ("智谱", "2513.HK"),
    ("理想汽车", "2015.HK"), ("比亚迪", "1211.HK"), ("比亚迪", "002594.SZ"), ("沐曦股份", "688802.SH"),
    ("壁仞科技", "6082.HK"), ("燧原科技", "CO.ENFLAME"), ("Cloudflare", "NET.US"), ("京东云", "CO.JDCLOUD"),
    ("快手", "1024.HK"), ("商汤", "0020.HK"), ("长飞光纤", "6869.HK"), ("长飞光纤", "601869.SH"),
    ("网易", "9999.HK"), ("苹果", "AAPL.US"), ("中金", "3908.HK"), ("美联储", "ORG.FED"), ("央行", "ORG.PBOC"),
    ("港交所", "0388.HK"), ("国务院", "ORG.STATECOUNCIL"), ("乘联会", "ORG.CPCA"), ("SIA", "ORG.SIA"),
    ("财联社", "ORG.CLS"), ("全球智慧物联网联盟", "ORG.GIIC"), ("通义千问", "CO.TONGYI"), ("Manus", "CO.MANUS"),
    ("国金证券", "600109.SH"), ("长江证券", "000783.SZ"), ("财通证券", "601108.SH"), ("华福证券", "ORG.HFSEC"),
    ("中信建投", "601066.SH"), ("华夏基金", "ORG.HUAXIAFUND"), ("恒生科技指数ETF", "513180.SH"), ("Wind", "ORG.WIND"),
    ("南向资金", "FLOW.SOUTHBOUND"), ("沪港股通", "FLOW.SOUTHBOUND.SH"), ("深港股通", "FLOW.SOUTHBOUND.SZ"),
    ("港股通", "FLOW.SOUTHBOUND"), ("北向资金", "FLOW.NORTHBOUND"), ("恒指", "IDX.HSI"), ("国指", "IDX.HSCEI"),
    ("恒生科技指数", "IDX.HSTECH"), ("恒生科技", "IDX.HSTECH"), ("上证", "IDX.SSE"), ("上证指数", "IDX.SSE"),
    ("科创50", "IDX.STAR50"), ("科创五零", "IDX.STAR50"), ("沪深两市", "MKT.A"), ("A股", "MKT.A"), ("港股", "MKT.HK"),
    ("美元指数", "FX.DXY"), ("納斯達克指數", "IDX.IXIC"),
]  # fmt: skip

# short names and indices that people write, in both scripts -> code
AS_WRITTEN = [
    ("沪指", "IDX.SSE"), ("滬指", "IDX.SSE"), ("深成指", "IDX.SZSE"), ("创指", "IDX.CHINEXT"), ("道指", "IDX.DJI"),
    ("纳指", "IDX.IXIC"), ("納指", "IDX.IXIC"), ("标普", "IDX.SPX"), ("日经225", "IDX.N225"), ("KOSPI", "IDX.KOSPI"),
    ("北证50", "IDX.BSE50"), ("中证1000", "IDX.CSI1000"), ("富时A50", "IDX.A50"), ("科指", "IDX.HSTECH"),
    ("北水", "FLOW.SOUTHBOUND"), ("两市", "MKT.A"), ("WTI", "CMD.WTI"), ("布油", "CMD.BRENT"),
    ("现货黄金", "CMD.GOLD"), ("COMEX黄金", "CMD.GOLD.COMEX"), ("LME铜", "CMD.COPPER.LME"), ("碳酸锂", "CMD.LITHIUM"),
    ("比特币", "CMD.BTC"), ("离岸人民币", "FX.USDCNH"), ("在岸人民币", "FX.USDCNY"), ("隔夜逆回购", "RATE.ONRRP"),
    ("美国10年期国债收益率", "RATE.UST10Y"), ("1年期LPR", "RATE.LPR1Y"), ("香港金管局", "ORG.HKMA"),
    ("海关总署", "ORG.GACC"), ("IMF", "ORG.IMF"), ("OPEC", "ORG.OPEC"), ("EIA", "ORG.EIA"), ("高盛", "GS.US"),
    ("滙豐控股", "0005.HK"), ("匯豐", "0005.HK"), ("汇控", "0005.HK"), ("騰訊控股", "0700.HK"), ("阿里巴巴－W", "9988.HK"),
    ("嗶哩嗶哩-W", "9626.HK"), ("茅台", "600519.SH"), ("万科", "000002.SZ"), ("印尼央行", "ORG.CB.ID"),
]  # fmt: skip

# codes that a wrong digit would turn into another company: looked at one by one
KNOWN_CODES = [
    ("0001.HK", "CK Hutchison"), ("0005.HK", "HSBC"), ("0300.HK", "Midea"), ("0941.HK", "China Mobile"),
    ("1299.HK", "AIA"), ("2015.HK", "Li Auto"), ("2057.HK", "ZTO Express"), ("3750.HK", "CATL"),
    ("6181.HK", "Laopu Gold"), ("9863.HK", "Leapmotor"), ("000001.SZ", "Ping An Bank"), ("002594.SZ", "BYD"),
    ("300750.SZ", "CATL"), ("600036.SH", "China Merchants Bank"), ("600519.SH", "Kweichow Moutai"),
    ("601318.SH", "Ping An"), ("601939.SH", "CCB"), ("601398.SH", "ICBC"), ("688256.SH", "Cambricon"),
    ("688041.SH", "Hygon"), ("603986.SH", "GigaDevice"), ("300502.SZ", "Eoptolink"), ("300308.SZ", "Innolight"),
]  # fmt: skip

# words of the street that hide in other words or mean several companies: nobody may claim them
AMBIGUOUS = ("平安", "中国", "长城", "中信", "招商", "国泰", "太古", "紫金", "理想", "美的", "建行", "工行", "中行", "交行",
             "人行", "平保", "长和", "长实", "长建", "强生", "日股", "吉利", "联通", "联想", "黄金", "白银", "原油", "宁王")  # fmt: skip


def names() -> dict[str, list[Entity]]:
    """Who claims a name; countries are looked for only where something of a country is measured."""
    found: dict[str, list[Entity]] = defaultdict(list)
    for entity in (entity for entity in ENTITIES if entity.kind != "country"):
        for name in {*names_of(entity), entity.english} - {""}:
            found[name].append(entity)
    return found


SIMPLER = opencc.OpenCC("t2s")  # pyright: ignore[reportUnknownVariableType]  opencc has no types


def plain(text: str) -> str:
    return cast("str", SIMPLER.convert(text))  # pyright: ignore[reportUnknownMemberType]


def write(folder: Path, *rows: str) -> Path:
    (folder / "entities.csv").write_text("\n".join([",".join(HEADER), *rows]), encoding="utf-8")
    return folder


def test_entities_have_unique_codes_and_a_known_kind() -> None:
    assert [code for code, n in Counter(entity.code for entity in ENTITIES).items() if n > 1] == []
    assert {entity.kind for entity in ENTITIES} <= ENTITY_KINDS
    assert all(entity.hans and entity.hant and entity.english for entity in ENTITIES)


@pytest.mark.parametrize(("name", "code"), [*FROM_SEEDS, *AS_WRITTEN])
def test_name_is_claimed_by_its_entity(name: str, code: str) -> None:
    assert name in {*names_of(BY_CODE[code]), BY_CODE[code].english}


@pytest.mark.parametrize(("code", "english"), KNOWN_CODES)
def test_code_belongs_to_the_company(code: str, english: str) -> None:
    assert BY_CODE[code].english == english


def test_a_name_means_one_thing_unless_twins_share_it() -> None:
    shared = [(name, [e.code for e in who]) for name, who in names().items() if len(who) > 1]
    apart = [
        (name, codes)
        for name, codes in shared
        if not all(are_twins(BY_CODE[one], BY_CODE[other]) for one, other in combinations(codes, 2))
    ]
    assert apart == []
    assert ("中国平安", ["2318.HK", "601318.SH"]) in shared


def test_ambiguous_short_names_are_nobodys() -> None:
    assert sorted(set(AMBIGUOUS) & set(names())) == []


def test_traditional_names_agree_with_simplified_ones() -> None:
    assert [(e.code, e.hant) for e in ENTITIES if plain(e.hant) != plain(e.hans)] == []
    aliases = [
        (e.code, alias) for e in ENTITIES for alias in e.aliases if plain(alias) not in {*map(plain, names_of(e))}
    ]
    assert aliases == []


def test_traditional_names_are_as_hong_kong_writes_them() -> None:
    assert [e.hant for e in ENTITIES if set(e.hant) & set("恆衞鉅")] == []
    assert BY_CODE["0005.HK"].hant == "滙豐控股"
    assert BY_CODE["1276.HK"].hant == "恒瑞醫藥"


@pytest.mark.parametrize(("index", "size"), [("HSI", 90), ("HSTECH", 30), ("HSCEI", 50)])
def test_index_has_all_its_members(index: str, size: int) -> None:
    members = [entity.code for entity in ENTITIES if index in entity.indices]
    assert len(members) == size
    assert all(code.endswith(".HK") for code in members)


def test_hang_seng_tech_has_what_the_last_reviews_brought() -> None:
    tech = {entity.code for entity in ENTITIES if "HSTECH" in entity.indices}
    assert {"0300.HK", "1211.HK", "1698.HK", "9660.HK", "9863.HK"} <= tech
    assert not {"0522.HK", "0772.HK", "1797.HK", "6060.HK", "9898.HK"} & tech


def test_listed_companies_have_currency_and_share_class() -> None:
    currency = {"HK": "HKD", "SH": "CNY", "SZ": "CNY", "US": "USD"}
    listed = [e for e in ENTITIES if e.kind == "company" and e.market in currency]
    assert [e.code for e in listed if e.currency != currency[e.market]] == []
    assert [e.code for e in listed if e.market in ("SH", "SZ") and e.share_class != "A"] == []
    suffix = [
        e.code
        for e in listed
        if e.market == "HK" and e.share_class.startswith("-") and not e.hans.endswith(e.share_class)
    ]
    assert suffix == []


def test_codes_have_the_length_of_their_exchange() -> None:
    for entity in ENTITIES:
        digits, _, exchange = entity.code.rpartition(".")
        if exchange in ("SH", "SZ") and digits.isdigit():
            assert digits[0] in {"SH": "56", "SZ": "0123"}[exchange], entity
        if exchange == "HK" and digits.isdigit():
            assert len(digits) == 4, entity


def test_traps_contain_a_name_and_claim_none() -> None:
    traps, known = load_traps(), set(names())
    assert not set(traps) & known
    folded = {plain(name) for name in known}
    assert [trap for trap in traps if not any(name in plain(trap) for name in folded)] == []


def test_user_row_changes_what_it_fills(tmp_path: Path) -> None:
    write(tmp_path, "0700.HK,,,,,,企鹅;!腾讯集团,,,MYLIST")
    tencent = next(e for e in load_entities(tmp_path) if e.code == "0700.HK")
    assert (tencent.hans, tencent.kind, tencent.currency) == ("腾讯控股", "company", "HKD")
    assert "企鹅" in tencent.aliases
    assert "腾讯集团" not in tencent.aliases
    assert tencent.indices[-1] == "MYLIST"


def test_user_row_adds_an_entity_at_the_end(tmp_path: Path) -> None:
    write(tmp_path, "# remarks are skipped", "CO.ACME,company,XX,埃克米,埃克米,Acme,,,,")
    assert load_entities(tmp_path)[-1] == Entity("CO.ACME", "company", "XX", "埃克米", "埃克米", "Acme")
    assert len(load_entities(tmp_path)) == len(ENTITIES) + 1


def test_folder_in_use_is_read_where_none_is_given(tmp_path: Path) -> None:
    use(write(tmp_path, "CO.ACME,company,XX,埃克米,,,,,,"))
    try:
        assert load_entities()[-1].code == "CO.ACME"
        assert Names.load().codes("埃克米") == ("CO.ACME",)
    finally:
        use(None)
    assert load_entities() == ENTITIES
    assert Names.load().codes("埃克米") == ()


def test_short_name_inside_a_longer_word_is_no_name() -> None:
    found = {
        text: [name.text for name in Names.load().find(text)] for text in ("北京东城区", "报道指出", "其中芯片", "京东")
    }
    assert found == {"北京东城区": [], "报道指出": [], "其中芯片": [], "京东": ["京东"]}


def test_user_folder_without_a_file_changes_nothing(tmp_path: Path) -> None:
    assert load_entities(tmp_path) == ENTITIES
    assert load_entities(tmp_path / "nowhere") == ENTITIES


def test_changed_user_file_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, "CO.ACME,company,XX,埃克米,,,,,,")
    assert load_entities(tmp_path)[-1].hans == "埃克米"
    write(tmp_path, "CO.ACME,company,XX,埃克米公司,,,,,,")
    assert load_entities(tmp_path)[-1].hans == "埃克米公司"


BROKEN = [
    ("700.HK,company,HK,腾讯,,,,,,", ":2:", "'700.HK'"),
    ("00700.HK,company,HK,腾讯,,,,,,", ":2:", "0700.HK"),
    ("600519.SZ,company,SH,贵州茅台,,,,,,", ":2:", "write SZ"),
    ("9876.HK,stock,HK,某公司,,,,,,", ":2:", "'stock'"),
    ("9876.HK,company,香港,某公司,,,,,,", ":2:", "'香港'"),
    ("9876.HK,company,HK,,,,,,,", ":2:", "fill the column hans"),
    ("9876.HK,company,HK,某公司", ":2:", "4 cells"),
    ("9876.HK,company,HK,某公司,,,小米,,,", "小米集团-W", "!小米"),
]


@pytest.mark.parametrize(("row", "where", "what"), BROKEN)
def test_wrong_user_row_is_told_with_line_value_and_way_out(tmp_path: Path, row: str, where: str, what: str) -> None:
    with pytest.raises(DataError) as caught:
        load_entities(write(tmp_path, row))
    assert "entities.csv" in str(caught.value)
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_user_row_twice_is_refused(tmp_path: Path) -> None:
    row = "CO.ACME,company,XX,埃克米,,,,,,"
    with pytest.raises(DataError, match="twice"):
        load_entities(write(tmp_path, row, row))


def test_wrong_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text("code,name\n0700.HK,腾讯\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"entities\.csv:1: the header is 'code,name'"):
        load_entities(tmp_path)


def test_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_bytes("code,kind\n腾讯".encode("gbk"))
    with pytest.raises(DataError, match="not UTF-8"):
        load_entities(tmp_path)


def test_user_data_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="is a file"):
        load_entities(tmp_path / "data")


def test_packaged_file_is_one_that_spreadsheets_keep(root: Path) -> None:
    with (root / "quantshark/data/entities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(HEADER)}
    assert [row for row in rows if any(cell != cell.strip() or "\n" in cell for cell in row)] == []
