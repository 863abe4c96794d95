"""The editor's desk in a browser: trigger a draft, read it with every figure coloured by verdict, mend it, publish it.

`create_app` makes the application over a newsroom; `open_door` sees to it that somebody can get in. Pages are plain HTML
that works without JavaScript; the few modules of ours make it quicker. Everything a page changes, a verb of the newsroom
changes: the console decides nothing about a figure.
"""

from __future__ import annotations

from quantshark.console.app import create_app, open_door
from quantshark.console.office import Door

__all__ = ["Door", "create_app", "open_door"]
