"""The article for a WeChat official account: what its editor keeps when HTML is pasted into it.

It keeps plain tags with inline styles and drops classes, ids, scripts, positions and links to other sites. So links
become numbered notes with their sources listed at the end, and a row of a table becomes a card, which a phone can show.
The headline is not part of it: the editor asks for that in a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import nh3
from markdown_it.token import Token
from markupsafe import escape

from quantshark.press.published import Published
from quantshark.press.script import say
from quantshark.press.typeset import read_blocks

INK, SOFT, LINE, DEEP, PROOF = "#1d2530", "#5a6573", "#e2ded3", "#0d4a63", "#1f8a7d"
STYLE = {
    "p": f"margin:0 0 1em;font-size:16px;line-height:1.85;color:{INK};",
    "h2": f"margin:2em 0 0.8em;padding-left:0.6em;border-left:4px solid {PROOF};font-size:19px;line-height:1.5;color:{DEEP};",
    "h3": f"margin:1.5em 0 0.6em;font-size:17px;line-height:1.6;color:{INK};",
    "ul": "margin:0 0 1em;padding-left:1.4em;",
    "ol": "margin:0 0 1em;padding-left:1.4em;",
    "li": f"margin:0.3em 0;font-size:16px;line-height:1.8;color:{INK};",
    "blockquote": f"margin:1em 0;padding:1em 1em 0.1em;border-left:3px solid {PROOF};background:#f1f7f5;",
    "hr": f"margin:1.8em auto;width:4em;border:0;border-top:1px solid {LINE};",
    "strong": f"font-weight:700;color:{INK};",
    "em": "font-style:italic;",
    "code": "font-family:monospace;",
    "sup": f"font-size:11px;color:{PROOF};",
}
CARD = f"margin:0 0 0.9em;padding:0.8em 1em 0.5em;border:1px solid {LINE};border-radius:6px;"
CARD_HEAD = f"margin:0 0 0.4em;font-size:17px;line-height:1.6;font-weight:700;color:{DEEP};"
CELL_LABEL = f"margin:0;font-size:12px;line-height:1.6;color:{SOFT};"
NOTE = f"margin:0 0 0.5em;font-size:13px;line-height:1.7;color:{SOFT};"
LINKED = 40
LABEL = f"margin:0 0 1em;padding:0.6em 0.9em;border:1px solid {LINE};font-size:13px;line-height:1.7;color:{SOFT};"
WARNING = "margin:0 0 1em;padding:0.6em 0.9em;border:1px solid #8a5a00;background:#fff3d2;font-size:13px;line-height:1.7;color:#8a5a00;"

JOINER = "\u2060"
"""Keeps a note's number on the line of what it proves."""
TAGS = {"section", "p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "code", "sup", "span"}
PROPERTIES = set(
    "margin padding padding-left border border-left border-top border-radius background width font-size font-weight "
    "font-style font-family line-height color".split()
)


def article(published: Published) -> str:
    """The article's HTML, to be pasted or sent as `content`."""
    notes = Notes()
    body = "".join(_section(part.title, part.text, notes) for part in published.sections)
    pieces = (*_opening(published), body, *_sources(notes, published), *_closing(published))
    return nh3.clean(
        f"<section>{''.join(pieces)}</section>\n",
        tags=TAGS,
        attributes={tag: {"style"} for tag in TAGS},
        filter_style_properties=PROPERTIES,
    )


@dataclass(slots=True)
class Notes:
    """Addresses by number, in the order of their first mention, with the words that led there."""

    numbers: dict[str, int] = field(default_factory=dict[str, int])
    words: dict[str, str] = field(default_factory=dict[str, str])

    def number(self, url: str, words: str) -> int:
        self.words.setdefault(url, words)
        return self.numbers.setdefault(url, len(self.numbers) + 1)


def _opening(published: Published) -> Iterator[str]:
    """Demo and correction notices stand out; the AI label is there, and the lead."""
    for head, text in published.preface:
        yield f'<p style="{LABEL if head == published.label else WARNING}"><strong>{escape(head)}</strong>　{escape(text)}</p>'
    if published.summary:
        yield f'<p style="{STYLE["p"]}">{escape(published.summary)}</p>'


def _closing(published: Published) -> Iterator[str]:
    yield f'<hr style="{STYLE["hr"]}">'
    for head, text in published.declarations:
        yield f'<p style="{NOTE}"><strong>{escape(head)}</strong>　{escape(text)}</p>'


def _sources(notes: Notes, published: Published) -> Iterator[str]:
    """The list of sources, by note; one that proves no figure is named by the words that link to it."""
    if not notes.numbers:
        return
    known = {document.url: document for document in published.ledger.documents.values()}
    yield f'<h2 style="{STYLE["h2"]}">{say("资料来源", published.script)}</h2>'
    for url, number in notes.numbers.items():
        document = known.get(url)
        told = (
            (document.title, document.publisher, document.published_at.replace("T", " ")[:16])
            if document
            else (notes.words[url][:LINKED],)
        )
        named = " · ".join(part for part in told if part)
        yield f'<p style="{NOTE}">[{number}] {escape(named)} {escape(url)}</p>'


# Blocks


def _section(title: str, text: str, notes: Notes) -> str:
    return f'<h2 style="{STYLE["h2"]}">{escape(title)}</h2>' + "".join(_blocks(read_blocks(text), notes))


def _blocks(tokens: Sequence[Token], notes: Notes) -> Iterator[str]:
    here = 0
    while here < len(tokens):
        token = tokens[here]
        if token.type == "table_open":
            end = next(n for n in range(here, len(tokens)) if tokens[n].type == "table_close")
            yield from _cards(tokens[here:end], notes)
            here = end
        elif token.type == "inline":
            yield _inline(token, notes)
        elif not token.hidden:
            yield _tag(token)
        here += 1


def _tag(token: Token) -> str:
    tag = "h3" if token.tag in {"h1", "h2", "h4", "h5", "h6"} else token.tag
    if token.nesting < 0:
        return f"</{tag}>"
    return f'<{tag} style="{STYLE[tag]}">' if tag in STYLE else f"<{tag}>"


def _cards(tokens: Sequence[Token], notes: Notes) -> Iterator[str]:
    """A table as cards: the first cell is the heading, the others stand under their column's name."""
    heads = [_words(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "th_open"]
    row: list[str] = []
    for n, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "td_open":
            row.append(_inline(tokens[n + 1], notes))
        elif token.type == "tr_close" and row:
            yield f'<section style="{CARD}"><p style="{CARD_HEAD}">{row[0]}</p>'
            for head, cell in zip(heads[1:], row[1:], strict=False):
                if cell:
                    yield f'<p style="{CELL_LABEL}">{escape(head)}</p><p style="{STYLE["p"]}">{cell}</p>'
            yield "</section>"


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


def _inline(token: Token, notes: Notes) -> str:
    pieces: list[str] = []
    children = token.children or ()
    targets = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    linked = ""
    for child in children:
        linked = "" if child.type == "link_open" else linked + child.content
        if child.type == "link_close":
            target = targets.pop(0)
            if not targets or targets[0] != target:  # one note where neighbours have the same source
                pieces.append(f'{JOINER}<sup style="{STYLE["sup"]}">[{notes.number(target, linked)}]</sup>')
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append("<br>")
        elif child.type == "code_inline":
            pieces.append(f'<code style="{STYLE["code"]}">{escape(child.content)}</code>')
        elif child.type != "link_open":
            pieces.append(_tag(child) if child.nesting else str(escape(child.content)))
    return "".join(pieces)
