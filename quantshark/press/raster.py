"""SVG to PNG for channels that show no SVG, with the AI label in the file's metadata. The only importer of resvg and Pillow.

Where the extra `pictures` or a Chinese font is missing there is no picture, and the reason is an `ExportError`: never a
picture with empty boxes for words.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from quantshark.errors import ExportError
from quantshark.press.fonts import chinese_font, no_font
from quantshark.press.imprint import AIGC_NAMESPACE, Script

_FACES: dict[Script, str] = {"hans": "SC", "hant": "HK"}
_SIGNATURE_AND_HEADER = 33


def png(svg: str, *, font: Path | None = None, script: Script = "hans", zoom: float = 2.0) -> bytes:
    """The picture as PNG, `zoom` pixels to a unit. Raises ExportError."""
    file = chinese_font(font)
    if file is None:
        raise no_font()
    try:
        import resvg_py  # noqa: PLC0415 - an extra, asked for by who exports pictures
    except ImportError as error:
        raise ExportError(
            "pictures need an extra that is not installed: pip install 'quantshark[pictures]'",
            notice="出图需要附加组件：pip install 'quantshark[pictures]'",
        ) from error
    return _painted(resvg_py.svg_to_bytes, svg, file, _family(file, script), zoom)


@lru_cache(maxsize=16)
def _painted(paint: Callable[..., bytes], svg: str, file: Path, family: str, zoom: float) -> bytes:
    """Kept for the next format that shows it: Word has the pictures that channels have."""
    return paint(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=[str(file), *(str(bold) for bold in bold_of(file))],
        font_family=family,
        sans_serif_family=family,
        serif_family=family,
    )


def bold_of(file: Path) -> tuple[Path, ...]:
    """The bold face that lies beside a regular one."""
    bold = file.with_name(file.name.replace("Regular", "Bold"))
    return (bold,) if bold != file and bold.is_file() else ()


@lru_cache(maxsize=8)
def _family(file: Path, script: Script) -> str:
    """The name by which a font file's face for the script is asked for; a collection has one a region."""
    from PIL import ImageFont  # noqa: PLC0415 - an extra

    names: list[str] = []
    for index in range(10):
        try:
            names.append(str(ImageFont.truetype(file, 12, index=index).getname()[0]))
        except OSError:
            break
    if not names:
        raise ExportError(
            f"{file} is no font file that can be read; set QUANTSHARK_FONT to a .ttf, .otf or .ttc",
            notice=f"{file} 不是可用的字体文件；请让 QUANTSHARK_FONT 指向 .ttf、.otf 或 .ttc",
        )
    return next((name for name in names if name.endswith(_FACES[script])), names[0])


def labelled(picture: bytes, label: dict[str, str], title: str, words: str) -> bytes:
    """The PNG with its label (XMP and a text entry `AIGC`), title and description, put in behind its header as it stands."""
    told = json.dumps(label, ensure_ascii=False)
    entries = (
        ("XML:com.adobe.xmp", xmp(told, title, words)),
        ("AIGC", told),
        ("Title", title),
        ("Description", words),
    )
    chunks = b"".join(_international(key, text) for key, text in entries)
    return picture[:_SIGNATURE_AND_HEADER] + chunks + picture[_SIGNATURE_AND_HEADER:]


def xmp(label: str, title: str, words: str) -> str:
    """An XMP packet with the label, title and description."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:TC260="{AIGC_NAMESPACE}"><TC260:AIGC>{escape(label)}</TC260:AIGC></rdf:Description>'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(words)}</rdf:li></rdf:Alt></dc:description>'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def _international(key: str, text: str) -> bytes:
    """An iTXt entry: keyword, uncompressed, no language, UTF-8. Writing the few bytes leaves the picture's own untouched."""
    data = key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return len(data).to_bytes(4, "big") + b"iTXt" + data + zlib.crc32(b"iTXt" + data).to_bytes(4, "big")
