"""Why a file was refused, on one page: each reason in English for the exception and in Chinese for the editor.

Every sentence says what is wrong, shows the value, and says what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from quantshark.errors import SourceError

REASONS: dict[str, tuple[str, str]] = {
    "missing": ("there is no such file; check the path", "没有这个文件，请核对路径"),
    "unreadable": ("cannot be opened ({why}); check its permissions", "打不开（{why}），请检查权限"),
    "not_a_file": ("is not a regular file; give a file or a folder", "不是普通文件，请给文件或文件夹"),
    "suffix": (
        "ends in {suffix!r}, which no reader takes; save it as .md .txt .html .csv or .json",
        "后缀 {suffix!r} 没有对应的读法，请另存为 .md .txt .html .csv 或 .json",
    ),
    "too_big": (
        "has {size} bytes, the limit is {limit}; split it or raise the limit",
        "有 {size} 字节，上限是 {limit}，请拆分或调高上限",
    ),
    "too_long": (
        "has {size} lines, the limit is {limit}; split it or raise the limit",
        "有 {size} 行，上限是 {limit}，请拆分或调高上限",
    ),
    "encoding": (
        "is neither UTF-8 nor GB18030 nor Big5 text; save it as UTF-8",
        "不是 UTF-8、GB18030 或 Big5 文本，请另存为 UTF-8",
    ),
    "binary": (
        "holds NUL bytes, so it is not text; save it as UTF-8 text",
        "含有空字节，不是文本，请另存为 UTF-8 文本",
    ),
    "empty": ("holds no text; drop it or fill it", "没有正文，请删去或补全"),
    "doc_id": (
        "brings the id {value!r}; use letters, digits, dot, dash and underscore, at most 80",
        "自带的 id {value!r} 不合规，请只用字母、数字、点、横线和下划线，最多 80 个",
    ),
    "date": (
        "has the date {value!r}; write 2025-12-11 or 2025-12-11 16:45, with a zone where it is not Beijing time",
        "日期 {value!r} 读不出，请写成 2025-12-11 或 2025-12-11 16:45，非北京时间请写明时区",
    ),
    "demo": ("says demo: {value!r}; write true or false", "demo 写作 {value!r}，请写 true 或 false"),
    "kind": ("has kind {value!r}; use one of {known}", "kind 写作 {value!r}，可用：{known}"),
    "same_id": (
        "brings the id {value!r} with another content than {other}; give one of them an id of its own",
        "与 {other} 用了同一个 id {value!r} 而内容不同，请为其中一个另取 id",
    ),
    "front_open": (
        "opens its front matter with --- and does not close it; add a line --- after the last key",
        "文首以 --- 开始的元数据没有结束，请在最后一项后加一行 ---",
    ),
    "front_toml": (
        "has TOML front matter (+++); write it as YAML between --- lines",
        "文首是 TOML（+++），请改成 --- 之间的 YAML",
    ),
    "front_size": (
        "has front matter of more than {limit} bytes; move text into the body",
        "文首元数据超过 {limit} 字节，请把正文移出",
    ),
    "front_depth": (
        "nests its front matter deeper than {limit}; flatten it",
        "文首元数据嵌套超过 {limit} 层，请展平",
    ),
    "front_yaml": ("has front matter that is not YAML: {why}; mend it", "文首元数据不是合法的 YAML（{why}），请改正"),
    "front_shape": (
        "has front matter that is not a list of `key: value` lines; write one key a line",
        "文首元数据不是“键: 值”，请每行写一项",
    ),
    "front_twice": ("names {key!r} twice in its front matter; keep one", "文首元数据两次写了 {key!r}，请只留一个"),
    "front_feature": (
        "uses {feature} in its front matter; write plain `key: value` lines",
        "文首元数据用了 {feature}，请只写“键: 值”",
    ),
    "front_value": (
        "has a list or a mapping where {key!r} wants one value; write one value",
        "{key!r} 应是一个值，请不要写成列表",
    ),
    "tags": (
        "has {size} tags, the limit for a page is {limit}; save its text instead",
        "网页有 {size} 个标签，上限 {limit}，请另存为文本",
    ),
    "markup": (
        "has {size} characters without its scripts, the limit for a page is {limit}; save its text instead",
        "网页除去脚本仍有 {size} 字，上限 {limit}，请另存为文本",
    ),
    "attributes": (
        "has a tag of more than {limit} attributes; save the page's text instead",
        "网页有一个标签的属性超过 {limit} 个，请另存为文本",
    ),
    "transcript": (
        "has a transcript header that is not followed by a line ====; add it",
        "转写文件的抬头后缺少 ==== 分隔线，请补上",
    ),
    "table_comment": (
        "has a comment line {value!r} that is not `# key: value; key: value`",
        "注释行 {value!r} 不是“# 键: 值; 键: 值”",
    ),
    "table_key": (
        "has the key {key!r} in its comment lines; use {known}, each once",
        "注释行的键 {key!r} 不认识或重复，可用：{known}，各一次",
    ),
    "table_header": (
        "has a header cell that is {problem}; name every column once",
        "表头有一格{problem_zh}，请为每一列取一个不同的名字",
    ),
    "table_rows": ("has a header and no rows; add rows or drop it", "只有表头没有数据，请补上数据或删去"),
    "table_ragged": (
        "has a row of {cells} cells under a header of {header}; add or remove commas",
        "这一行有 {cells} 格，表头有 {header} 格，请补上或删去逗号",
    ),
    "table_formula": (
        "has a cell that a spreadsheet would run: {value!r}; put its value there",
        "单元格 {value!r} 会被表格软件当作公式执行，请写它的值",
    ),
    "table_long": (
        "has a cell of {size} characters, the limit is {limit}; a table is no place for an article",
        "有一格长 {size} 字，上限 {limit}，长文请另存为文章",
    ),
    "table_csv": ("is not a well-formed CSV: {why}; mend the quotes", "不是合法的 CSV（{why}），请检查引号"),
    "json": ("is not strict JSON: {why}; mend it", "不是合法的 JSON（{why}），请改正"),
    "json_twice": ("names {key!r} twice in one object; keep one", "同一个对象里两次写了 {key!r}，请只留一个"),
    "json_constant": ("holds {value}, which is not a number; write null", "含有 {value}，不是数字，请写 null"),
    "json_depth": ("nests deeper than {limit}; flatten it", "嵌套超过 {limit} 层，请展平"),
    "json_number": ("holds a number too long to be one of the market: {value}", "含有不像行情的超长数字：{value}"),
    "json_surrogate": (
        "holds half a character (a lone surrogate); write it whole",
        "含有半个字符（孤立代理项），请写完整",
    ),
    "json_shape": (
        "is neither a table (`rows`) nor a document (`text`): {why}",
        "既不是表格（rows）也不是文档（text）：{why}",
    ),
    "json_cell": (
        "has {value} for a cell; write a string, a number or null",
        "单元格是 {value}，请写字符串、数字或 null",
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken: which, at which line (None where no line is to blame), why, and the way out."""

    path: str
    line: int | None
    code: str
    message: str
    """English, as in the exception; names file and line."""
    notice: str
    """Chinese, for the editor; names file and line."""


def refused(code: str, path: str, line: int | None = None, /, **values: object) -> SourceError:
    """The exception for `code`; raise it. Values are cut at 60 characters, but for `other`, which is a path."""
    english, chinese = REASONS[code]
    shown = {name: value if name == "other" else _cut(value) for name, value in values.items()}
    refusal = Refusal(
        path=path,
        line=line,
        code=code,
        message=f"{_place(path, line)} {english.format(**shown)}",
        notice=f"{_place(path, line)}：{chinese.format(**shown)}",
    )
    return SourceError(refusal.message, refusal=refusal, path=path, line=line, code=code)


def refusal_of(error: SourceError) -> Refusal:
    """The finding inside an exception that a reader raised."""
    refusal = error.details.get("refusal")
    if isinstance(refusal, Refusal):
        return refusal
    return Refusal(path="", line=None, code="other", message=str(error), notice=str(error))


def _place(path: str, line: int | None) -> str:
    return path if line is None else f"{path}:{line}"


def _cut(value: object) -> object:
    return f"{value[:60]}…" if isinstance(value, str) and len(value) > 60 else value
