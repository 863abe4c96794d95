"""Hands releases to channels from the outbox, each channel by itself: one that fails is tried again alone.

Where the courier before was cut off in the middle of sending, a channel that takes the same thing twice is sent it
again; one that cannot tell is not, and a person decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from quantshark.desk.notices import Notices
from quantshark.errors import QuantSharkError, TargetError
from quantshark.newsroom.outgoing import Shelf
from quantshark.press.targets import Target
from quantshark.store import Parcel, Store

LOG = logging.getLogger(__name__)
LEASE_SECONDS = 120.0
ATTEMPTS = 10
CANNOT_TELL = "发送时中断，渠道无法说明是否收到；请到渠道核实后决定"


class Courier:
    """Serves one channel at a time, for whoever asks."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        channels: Callable[[str], Target],
        notices: Notices,
        holder: str,
        lease: float = LEASE_SECONDS,
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._channels = channels
        self._notices = notices
        self._holder = holder
        self._lease = lease

    def deliver(self, channel: str) -> str:
        """Everything that waits for a channel and may go out now; gives how many were sent, for the log."""
        sent = 0
        while parcel := self._store.claim(channel, self._holder, self._lease):
            sent += self._send(parcel)
        return f"{sent}"

    def sweep(self) -> None:
        """Whatever waits, on every channel: what failed before, what was embargoed, what a halt kept back."""
        waiting = {parcel.channel for state in ("waiting", "claimed") for parcel in self._store.parcels(state)}
        for channel in sorted(waiting):
            self.deliver(channel)
        for record in self._store.slots(states=("sending",)):
            self.close(record.slot_id)

    def close(self, slot_id: str) -> str:
        """The slot is published once every channel has answered for good; what is superseded or withdrawn waits for none."""
        record = self._store.slot(slot_id)
        parcels = self._store.parcels(release_id=record.release_id)
        stop = self._store.stop(record.release_id) if record.release_id else None
        over = stop is not None and stop.kind in ("superseded", "withdrawn")
        if not over and any(parcel.state in ("waiting", "claimed") for parcel in parcels):
            return "sending"
        lost = [f"{parcel.channel}：{parcel.error}" for parcel in parcels if parcel.state != "sent"]
        told = f"未送达 {'；'.join(lost)}" if lost else ""
        self._store.mark_slot(slot_id, "published", told, ("sending", "running", "held"))
        return "published"

    def _send(self, parcel: Parcel) -> bool:
        try:
            channel = self._channels(parcel.channel)
            if parcel.cut_off and not channel.tells:  # before any stop: one that waits is no longer known as cut off
                self._lose(parcel, CANNOT_TELL, unknown=True)
                return False
            if self._store.stop(parcel.release_id) is not None:  # as late as can be: the switch was pulled meanwhile
                self._store.postpone(parcel, "", self._now())
                return False
            release = self._store.release(parcel.release_id)
            files = self._shelf.files(release)
            receipt = channel.send(release, files)
        except QuantSharkError as error:  # whatever is wrong with one parcel, the other channels are served
            self._refused(parcel, error)
            return False
        self._store.settle(receipt)
        LOG.info("sent", extra={"release": parcel.release_id, "channel": parcel.channel, "status": receipt.status})
        return True

    def _refused(self, parcel: Parcel, error: QuantSharkError) -> None:
        if isinstance(error, TargetError) and error.unknown:
            self._lose(parcel, str(error), unknown=True)
        else:
            self._postpone(parcel, str(error))

    def _postpone(self, parcel: Parcel, why: str) -> None:
        if parcel.attempt >= ATTEMPTS:
            self._lose(parcel, why, unknown=False)
            return
        wait = timedelta(seconds=min(15 * 2 ** (parcel.attempt - 1), 600))
        self._store.postpone(parcel, why, self._now() + wait)
        LOG.warning("channel refused", extra={"release": parcel.release_id, "channel": parcel.channel, "why": why})

    def _lose(self, parcel: Parcel, why: str, *, unknown: bool) -> None:
        if self._store.give_up(parcel, why, unknown=unknown):
            kind = "unknown" if unknown else "undelivered"
            self._notices.tell(
                kind, f"{parcel.release_id} {parcel.channel}", f"{parcel.release_id} → {parcel.channel}：{why}"
            )

    def _now(self) -> datetime:
        return self._store.clock()
