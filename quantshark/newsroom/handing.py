"""One parcel to one channel: the policy of every sender, whether a person pressed a button or a worker came round.

Where the sender before was cut off in the middle, a channel that takes the same thing twice is sent it again; one that
cannot tell is not, and a person decides. A refusal is tried again after a while, each time after a longer one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from quantshark.errors import QuantSharkError, TargetError
from quantshark.model import Receipt
from quantshark.newsroom.shelf import Shelf
from quantshark.press.targets import Target
from quantshark.store import Parcel, Store

ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = 15, 600
CANNOT_TELL = "发送时中断，渠道无法说明是否收到；请到渠道核实后决定"


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a parcel. Neither receipt nor error: a stop came in between, and it waits.

    `over` says that nobody tries again by himself: the channel refused for good, or a person has to look.
    """

    receipt: Receipt | None = None
    error: QuantSharkError | None = None
    why: str = ""
    over: Literal["", "failed", "unknown"] = ""


def hand_over(parcel: Parcel, channels: Callable[[str], Target], shelf: Shelf, store: Store) -> Handed:
    """Send what was claimed and write down what came of it. Whatever is wrong with one parcel, this raises nothing."""
    try:
        channel = channels(parcel.channel)
    except QuantSharkError as error:  # nobody knows any more whether that channel could have told
        return _cut_off(parcel, store) if parcel.cut_off else _refused(parcel, error, store)
    if parcel.cut_off and not channel.tells:  # before any stop: one that waits is no longer known as cut off
        return _cut_off(parcel, store)
    try:
        if store.stop(parcel.release_id) is not None:  # as late as can be: the switch was pulled meanwhile
            store.postpone(parcel, "", store.clock())
            return Handed()
        release = store.release(parcel.release_id)
        receipt = channel.send(release, shelf.files(release))
    except QuantSharkError as error:
        return _refused(parcel, error, store)
    store.settle(receipt)
    return Handed(receipt)


def _cut_off(parcel: Parcel, store: Store) -> Handed:
    told = (
        f"{parcel.release_id} was cut off on its way to {parcel.channel}, which cannot tell whether it has it; "
        "look there, then say so with `quantshark channels decide`"
    )
    return _over(parcel, TargetError(told, unknown=True), CANNOT_TELL, "unknown", store)


def _refused(parcel: Parcel, error: QuantSharkError, store: Store) -> Handed:
    why = str(error)
    if isinstance(error, TargetError) and error.unknown:
        return _over(parcel, error, why, "unknown", store)
    if parcel.attempt >= ATTEMPTS:
        return _over(parcel, error, why, "failed", store)
    pause = min(FIRST_PAUSE * 2 ** (parcel.attempt - 1), LONGEST_PAUSE)
    store.postpone(parcel, why, store.clock() + timedelta(seconds=pause))
    return Handed(error=error, why=why)


def _over(
    parcel: Parcel, error: QuantSharkError, why: str, state: Literal["failed", "unknown"], store: Store
) -> Handed:
    """`over` only for who still held it: another sender answers for what was taken from this one."""
    given_up = store.give_up(parcel, why, unknown=state == "unknown")
    return Handed(error=error, why=why, over=state if given_up else "")
