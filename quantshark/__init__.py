"""QuantShark (量子鲨鱼): Chinese market reports whose every figure is proved."""

from quantshark.lexicon.figures import find_figures
from quantshark.model import Document

__all__ = ["Document", "find_figures"]
