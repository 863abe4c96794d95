"""A report as Word, for those who go on writing in it: headings, tables, figures with the number of their note, notes.

The only importer of python-docx. Metadata: core properties, and the AI label as the custom property `AIGC`.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from markdown_it.token import Token

from quantshark.errors import ExportError
from quantshark.press.imprint import Script, aigc
from quantshark.press.markdown import Part
from quantshark.press.published import Note, Published
from quantshark.press.script import say
from quantshark.press.typeset import noted_pieces, read_blocks

if TYPE_CHECKING:
    from docx.document import Document as Word

FONTS: Mapping[Script, str] = {"hans": "宋体", "hant": "新細明體"}
"""What Word has in every edition of Windows and macOS of that script; another reader takes its own serif."""
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{0}</Properties>'
)
_PROPERTY = '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{0}" name="{1}"><vt:lpwstr>{2}</vt:lpwstr></property>'
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def docx(published: Published, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The Word file; `pictures` are PNGs by chart. Raises ExportError where the extra is missing."""
    try:
        import docx as library  # noqa: PLC0415 - an extra, asked for by who exports Word
    except ImportError as error:
        raise ExportError(
            "Word needs an extra that is not installed: pip install 'quantshark[documents]'",
            notice="生成 Word 需要附加组件：pip install 'quantshark[documents]'",
        ) from error
    word = library.Document()
    _dress(word, published)
    _tell(word, published)
    _opening(word, published)
    for number, part in enumerate(published.sections, 1):
        _section(word, published, part)
        _pictures(word, published, number, pictures or {})
    _notes(word, published)
    for head, text in published.declarations:
        _labelled(word, head, text)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _dress(word: Word, published: Published) -> None:
    """Chinese letters in a Chinese font: Word asks for it apart from the Latin one."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above
    from docx.shared import Pt  # noqa: PLC0415 - as above

    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "List Number", "Quote"):
        style: Any = word.styles[name]  # its fonts are not in their types
        style.font.name = "Times New Roman"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONTS[published.script])
    normal: Any = word.styles["Normal"]
    normal.font.size = Pt(10.5)
    normal.paragraph_format.line_spacing = 1.4


def _tell(word: Word, published: Published) -> None:
    """What the file says of itself."""
    ledger, core = published.ledger, word.core_properties
    core.title, core.author = _clean(ledger.title)[:255], _clean(published.producer)[:255]
    core.subject, core.category = _clean(published.edition_name)[:255], _clean(published.label)[:255]
    core.comments = _clean(f"{published.label}。{published.disclaimer}")[:255]
    core.keywords = f"AIGC,{ledger.release}"
    core.identifier = ledger.release
    core.language = "zh-HK" if published.script == "hant" else "zh-CN"
    core.created = core.modified = datetime.fromisoformat(ledger.created_at).replace(tzinfo=None)
    label = json.dumps(aigc(published.producer, ledger.release), ensure_ascii=False)
    _add_properties(word, {"AIGC": label, "Release": ledger.release, "AILabel": _clean(published.label)})


def _add_properties(word: Word, told: Mapping[str, str]) -> None:
    from docx.opc.packuri import PackURI  # noqa: PLC0415 - as above
    from docx.opc.part import Part as FilePart  # noqa: PLC0415 - as above

    rows = "".join(_PROPERTY.format(n, name, escape(value)) for n, (name, value) in enumerate(told.items(), 2))
    package: Any = word.part.package  # theirs may be None, a document's own is not
    part = FilePart(PackURI("/docProps/custom.xml"), _CUSTOM, _PROPERTIES.format(rows).encode(), package)
    package.relate_to(part, _RELATION)


def _opening(word: Word, published: Published) -> None:
    day = published.ledger.day
    word.add_paragraph(_clean(f"{published.producer}　{published.edition_name}　{day.year}年{day.month}月{day.day}日"))
    title = published.ledger.title
    heading = word.add_heading(level=0)
    _figured(heading, published, published.text.index(title), title)
    for head, text in published.preface:
        _labelled(word, head, text)
    if published.summary:
        word.add_paragraph(_clean(published.summary))


def _labelled(word: Word, head: str, text: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.add_run(_clean(head)).bold = True
    paragraph.add_run(f"　{_clean(text)}")


def _section(word: Word, published: Published, part: Part) -> None:
    word.add_heading(_clean(part.title), level=1)
    noted = [
        (figure.end - part.start, published.note_of(figure.number) or 0)
        for figure in published.figures_in(part.start, part.end)
    ]
    _blocks(word, read_blocks(part.text, noted))


def _write(paragraph: Any, token: Token) -> None:  # a paragraph of python-docx, or of a cell
    """The words of a line as runs, the number of its note raised behind each figure."""
    bold = italic = False
    for child in token.children or ():
        if child.type in {"strong_open", "strong_close"}:
            bold = child.nesting > 0
        elif child.type in {"em_open", "em_close"}:
            italic = child.nesting > 0
        elif child.type in {"softbreak", "hardbreak"}:
            paragraph.add_run().add_break()
        elif child.type in {"text", "code_inline"}:
            for words, note in noted_pieces(child.content):
                _run(paragraph, words, bold=bold, italic=italic)
                _raised(paragraph, note)


def _run(paragraph: Any, text: str, *, bold: bool, italic: bool) -> None:
    if text:
        run = paragraph.add_run(_clean(text))
        if bold:
            run.bold = True
        if italic:
            run.italic = True


def _raised(paragraph: Any, number: int | None) -> None:
    if number is not None:
        run = paragraph.add_run(str(number))
        run.font.superscript = True


def _figured(paragraph: Any, published: Published, start: int, words: str) -> None:
    here = start
    for figure in published.figures_in(start, start + len(words)):
        _run(paragraph, published.text[here : figure.end], bold=False, italic=False)
        _raised(paragraph, published.note_of(figure.number))
        here = figure.end
    _run(paragraph, published.text[here : start + len(words)], bold=False, italic=False)


def _blocks(word: Word, tokens: Sequence[Token]) -> None:
    style: list[str | None] = [None]  # None is Normal; by its name python-docx would look for it every time
    here = 0
    while here < len(tokens):
        token = tokens[here]
        if token.type == "table_open":
            end = next(n for n in range(here, len(tokens)) if tokens[n].type == "table_close")
            _table(word, tokens[here:end])
            here = end
        elif token.type in _STYLES:
            style.append(_STYLES[token.type])
        elif token.type.removesuffix("_close") + "_open" in _STYLES and token.nesting < 0:
            style.pop()
        elif token.type == "inline":
            _write(word.add_paragraph(style=style[-1]), token)
        here += 1


_STYLES = {
    "bullet_list_open": "List Bullet",
    "ordered_list_open": "List Number",
    "blockquote_open": "Quote",
    "heading_open": "Heading 2",
}


def _table(word: Word, tokens: Sequence[Token]) -> None:
    rows: list[list[Token]] = []
    for n, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append(tokens[n + 1])
    table = word.add_table(rows=len(rows), cols=max(len(row) for row in rows), style="Light Grid Accent 1")
    for line, row in zip(table.rows, rows, strict=True):
        for cell, token in zip(line.cells, row, strict=False):
            _write(cell.paragraphs[0], token)
    word.add_paragraph()


def _pictures(word: Word, published: Published, section: int, pictures: Mapping[str, bytes]) -> None:
    from docx.shared import Mm  # noqa: PLC0415 - as above

    for chart in published.ledger.charts:
        if chart.section == section and chart.slug in pictures:
            shape: Any = word.add_picture(io.BytesIO(pictures[chart.slug]), width=Mm(130))
            shape._inline.docPr.set("descr", _clean(published.words(chart)))  # noqa: SLF001 - the alternative text has no other door


def _notes(word: Word, published: Published) -> None:
    word.add_heading(say("数字与出处", published.script), level=1)
    for note in published.notes:
        paragraph = word.add_paragraph()
        paragraph.add_run(f"{note.number}. {_clean(note.surface)}").bold = True
        paragraph.add_run(f" {_clean(told_of(note))}")
    word.add_heading(say("资料来源", published.script), level=2)
    for number, source in enumerate(published.sources, 1):
        at = source.published_at.replace("T", " ")[:16]
        word.add_paragraph(_clean(f"〔{number}〕《{source.title}》 {source.publisher} {at} {source.url}"))


def told_of(note: Note) -> str:
    """A note as one line: what it says, the formula or the words quoted, and the numbers of its sources."""
    pieces = [note.says, note.formula, f"“{note.quote}”" if note.quote else "", note.waived]
    return "；".join(piece for piece in pieces if piece) + "".join(f"〔{number}〕" for number in note.sources[:9])


def _clean(words: str) -> str:
    """What XML can hold."""
    return _UNPRINTABLE.sub("", words)
