"""Markdown to HTML with every figure in its own element, so that a reader can ask each for its proof.

Two walls: only the few Markdown rules that reports use are on (no raw HTML, images, references or autolinks), and what
comes out passes an allow-list of tags. Figures are carried through the parser by invisible signs around them; the page
without signs must be the page that Markdown alone would give, so a sign can never change what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markupsafe import escape

from quantshark.errors import ReleaseError

RULES = ("heading", "list", "blockquote", "hr", "table", "emphasis", "link", "newline", "escape", "entity", "backticks")
OPEN, CLOSE = 0xF0000, 0x100000
MOST = 0xFFFD
ADDRESSES = 4096
"""Addresses whose normal form is remembered: a report names its documents again and again."""
SHORT = 9
"""A first cell of so few characters is a name, and is not broken."""
_SIGN = re.compile("[\U000f0000-\U0010ffff]")
_TARGET = re.compile(r"\]\([^\n)]*\)")
_LIST_MARKER = re.compile(r"^[ \t>]*\d{1,9}[.)](?=[ \t]|$)", re.MULTILINE)
# Chinese has no spaces, so a quotation mark or full stop beside `**` must not decide whether it opens or closes.
_CJK = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)

ATTRIBUTES = {
    "a": {"href", "class", "id", "data-n", "title", "rel"},
    "span": {"class", "id", "data-n", "title"},
    "td": {"class", "data-label"},
    "th": {"class"},
    "ol": {"start"},
}
TAGS = set(
    re.findall(r"\w+", "a span strong em code h3 h4 h5 h6 p br hr ul ol li blockquote table thead tbody tr td th")
)


@dataclass(frozen=True, slots=True)
class Inset:
    """A figure to be set apart: its span in the text, its number in the report, its verdict and its card's id."""

    start: int
    end: int
    number: int
    status: str
    card: str = ""
    hint: str = ""


def set_body(text: str, insets: Sequence[Inset]) -> str:
    """The HTML of a piece of Markdown with its figures; raises when a figure that counts would not be seen."""
    clean = _SIGN.sub("\ufffd", text)
    tokens, placed = _sign(clean, insets)
    _label_cells(tokens)
    for token in tokens:
        if token.children:
            token.children = [*_Figures(placed).walk(token.children)]
    return nh3.clean(
        _html(tokens),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def read_blocks(text: str, notes: Sequence[tuple[int, int]] = ()) -> list[Token]:
    """The blocks of a piece of Markdown, for pages of another dress; the same rules are on as for our own.

    `notes` are places of the text with the number of a note to stand there; `noted_pieces` finds them again.
    """
    clean = _SIGN.sub("\ufffd", text)
    for place, number in sorted(notes, reverse=True):
        clean = f"{clean[:place]}{chr(CLOSE + number)}{clean[place:]}"
    return _parser().parse(clean)


def noted_pieces(words: str) -> Iterator[tuple[str, int | None]]:
    """Words of a token up to each note that stands in them, with its number; the rest has none."""
    here = 0
    for found in _SIGN.finditer(words):
        yield words[here : found.start()], ord(found[0]) - CLOSE
        here = found.end()
    yield words[here:], None


def set_line(text: str, insets: Sequence[Inset]) -> str:
    """The HTML of a line that is not Markdown (a title), with its figures."""
    pieces: list[str] = []
    here = 0
    for inset in sorted(insets, key=lambda inset: inset.start):
        pieces += (escape(text[here : inset.start]), _tag_open(inset, linked=False, first=True))
        pieces += (escape(text[inset.start : inset.end]), _tag_close(inset, linked=False))
        here = inset.end
    return "".join((*pieces, escape(text[here:])))


_BETWEEN = re.compile(r">([^<]+)|^([^<]+)")
_JOINED = re.compile(r"([\u4e00-\u9fffA-Za-z])([-－](?:SW|W|S|B|R|P))(?![A-Za-z0-9])")
DOTS = {"🟢": "good", "🟡": "mixed", "🔴": "bad"}


def dressed(html: str) -> str:
    """A page's HTML with share classes that stay with their names (小米集团-W) and status dots that have their colour by
    style. The characters stay as they are: who copies or verifies the page has the published text.
    """
    return _BETWEEN.sub(lambda m: f">{_worn(m[1])}" if m[1] else _worn(m[2]), html)


def _worn(words: str) -> str:
    for dot, kind in DOTS.items():
        words = words.replace(dot, f'<span class="dot {kind}">{dot}</span>')
    return _JOINED.sub(r'<span class="joined">\1\2</span>', words)


def _sign(text: str, insets: Sequence[Inset]) -> tuple[list[Token], dict[int, Inset]]:
    """The tokens of the text with signs around its figures, and the figures that have them."""
    shut = [(m.start(), m.end()) for pattern in (_TARGET, _LIST_MARKER) for m in pattern.finditer(text)]
    wanted = {
        k: inset
        for k, inset in enumerate(insets)
        if inset.start < inset.end and not any(start < inset.end and inset.start < end for start, end in shut)
    }
    if len(insets) > MOST:
        raise ReleaseError(f"the report holds {len(insets)} figures; a page carries at most {MOST}: split the report")
    plain = _parser().render(text)
    tokens = _parser().parse(_signed(text, wanted))
    html = _html(tokens)
    if _SIGN.sub("", html) != plain:
        wanted = {k: inset for k, inset in wanted.items() if _unsigned(_signed(text, {k: inset})) == plain}
        tokens = _parser().parse(_signed(text, wanted))
        html = _html(tokens)
    _demand_seen(text, insets, wanted, html)
    return tokens, wanted


def _demand_seen(text: str, insets: Sequence[Inset], placed: dict[int, Inset], html: str) -> None:
    """A figure that was judged but that no reader sees (in a link's target, a dropped cell) is a fault of the text."""
    for k, inset in enumerate(insets):
        if inset.status != "exempt" and (k not in placed or chr(OPEN + k) not in html):
            raise ReleaseError(
                f"figure {inset.number} ({text[inset.start : inset.end]}) is not visible on the page; "
                "take it out of the link target or table cell that hides it",
                figure=inset.number,
            )


def _signed(text: str, insets: dict[int, Inset]) -> str:
    pieces: list[str] = []
    here = 0
    for k, inset in sorted(insets.items(), key=lambda item: item[1].start):
        pieces += (text[here : inset.start], chr(OPEN + k), text[inset.start : inset.end], chr(CLOSE + k))
        here = inset.end
    return "".join((*pieces, text[here:]))


def _html(tokens: Sequence[Token]) -> str:
    return _parser().renderer.render(tokens, _parser().options, {})


def _unsigned(signed: str) -> str:
    return _SIGN.sub("", _parser().render(signed))


class _Figures:
    """Turns the signs in one line of tokens into elements; a figure that markup cuts is set in pieces of one number."""

    def __init__(self, insets: dict[int, Inset]) -> None:
        self._insets = insets
        self._open: int | None = None
        self._begun: set[int] = set()
        self._linked = False

    def walk(self, tokens: Sequence[Token]) -> Iterator[Token]:
        ends: list[Token] = []
        for position, token in enumerate(tokens):
            if token.type == "link_open":
                ends.append(self._enter_link(token, self._cited(tokens[position:])))
                yield token
            elif token.type == "link_close" and ends:
                self._linked = False
                yield ends.pop()
            elif token.type in {"text", "code_inline"}:
                yield from self._pieces(token)
            else:
                yield token

    def _cited(self, tokens: Sequence[Token]) -> list[Inset]:
        """The figures with a card inside the link that begins here."""
        found: list[Inset] = []
        for token in tokens:
            if token.type == "link_close":
                break
            numbers = (ord(sign) - OPEN for sign in _SIGN.findall(token.content) if ord(sign) < CLOSE)
            found += [self._insets[k] for k in numbers if self._insets[k].card]
        return found

    def _enter_link(self, token: Token, cited: list[Inset]) -> Token:
        """A link around one figure opens that figure's card, which holds the link; around several, each has its own."""
        close = Token("link_close", "a", -1)
        if len(cited) == 1:
            token.attrs = {"href": f"#{cited[0].card}", "class": "cite"}
            self._linked = True
        elif cited:
            token.tag = close.tag = "span"
            token.attrs = {"class": "cite"}
        else:
            token.attrs = {"href": token.attrs["href"], "class": "out", "rel": "noopener noreferrer nofollow"}
        return close

    def _pieces(self, token: Token) -> Iterator[Token]:
        if self._open is not None:
            yield self._start(self._open)
        here = 0
        for found in _SIGN.finditer(token.content):
            yield from _some(token, token.content[here : found.start()])
            here = found.end()
            code = ord(found[0])
            if code < CLOSE:
                self._open = code - OPEN
                yield self._start(self._open)
            else:
                yield self._html(_tag_close(self._insets[code - CLOSE], linked=self._linked))
                self._open = None
        yield from _some(token, token.content[here:])
        if self._open is not None:
            yield self._html(_tag_close(self._insets[self._open], linked=self._linked))

    def _start(self, k: int) -> Token:
        first = k not in self._begun
        self._begun.add(k)
        return self._html(_tag_open(self._insets[k], linked=self._linked, first=first))

    def _html(self, content: str) -> Token:
        return Token("html_inline", "", 0, content=content)


def _some(token: Token, content: str) -> Iterator[Token]:
    if content:
        yield Token(token.type, token.tag, 0, content=content, markup=token.markup)


def _tag_open(inset: Inset, *, linked: bool, first: bool) -> str:
    anchor = bool(inset.card) and not linked
    href = f' href="#{inset.card}"' if anchor else ""
    identity = f' id="n{inset.number}"' if first else ""
    hint = f' title="{escape(inset.hint)}"' if inset.hint else ""
    return f'<{"a" if anchor else "span"} class="fig {inset.status}"{href}{identity} data-n="{inset.number}"{hint}>'


def _tag_close(inset: Inset, *, linked: bool) -> str:
    return "</a>" if inset.card and not linked else "</span>"


def _label_cells(tokens: Sequence[Token]) -> None:
    """Give each cell its column's heading, for narrow screens where a row is read as a card; alignment as a class."""
    labels: list[str] = []
    column = 0
    for position, token in enumerate(tokens):
        if token.type in {"th_open", "td_open"}:
            align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if align:
                token.attrs["class"] = align
        if token.type == "table_open":
            labels = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            labels.append(_plain(tokens[position + 1]))
        elif token.type == "td_open":
            token.attrs["data-label"] = labels[column] if column < len(labels) else ""
            if column == 0 and len(_plain(tokens[position + 1])) <= SHORT:
                token.attrs["class"] = f"{token.attrs.get('class', '')} name".strip()
            column += 1


def _plain(token: Token) -> str:
    return _SIGN.sub("", token.content).replace("*", "").strip()


def _parser() -> MarkdownIt:
    return _PARSER


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "xhtmlOut": False, "breaks": True}).enable(
        list(RULES)
    )
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.normalizeLink = lru_cache(ADDRESSES)(parser.normalizeLink)
    return parser


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule for `*` and `_`, with Chinese neighbours taken as a reader takes them: **“重估”**逻辑 is bold."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    can_open, can_close = _flanks(*_neighbours(state.src, state.pos, end, state.posMax), split=marker == "*")
    length = end - state.pos
    for _ in range(length):
        state.push("text", "", 0).content = marker
        token = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(marker=ord(marker), length=length, token=token, end=-1, open=can_open, close=can_close)
        )
    state.pos = end
    return True


def _neighbours(source: str, start: int, end: int, limit: int) -> tuple[str, str]:
    """The characters before and after a run of markers, the page's own signs skipped; an edge counts as a space."""
    before, after = start - 1, end
    while before >= 0 and _SIGN.match(source[before]):
        before -= 1
    while after < limit and _SIGN.match(source[after]):
        after += 1
    return (source[before] if before >= 0 else " "), (source[after] if after < limit else " ")


def _flanks(before: str, after: str, *, split: bool) -> tuple[bool, bool]:
    space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    loose_before = space_before or mark_before or bool(_CJK.match(before))
    loose_after = space_after or mark_after or bool(_CJK.match(after))
    left = not space_after and (not mark_after or loose_before)
    right = not space_before and (not mark_before or loose_after)
    return left and (split or not right or mark_before), right and (split or not left or mark_after)


def _is_mark(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


_PARSER = _make_parser()
