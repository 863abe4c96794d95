"""Release to bytes to the world: Markdown, page, ledger, and the channels that take them.

Everything here is a pure function of values, except `targets`, which write and send.
"""
