"""Hands releases to channels from the outbox, each channel by itself: one that fails is tried again alone.

How a parcel is sent is `newsroom.handing`'s; here is who takes which parcel when, and whom the desk tells of the end.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from quantshark.desk.notices import Notices
from quantshark.newsroom.handing import hand_over
from quantshark.newsroom.shelf import Shelf
from quantshark.press.targets import Target
from quantshark.store import Parcel, Store

LOG = logging.getLogger(__name__)
LEASE_SECONDS = 120.0


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
        handed = hand_over(parcel, self._channels, self._shelf, self._store)
        about = {"release": parcel.release_id, "channel": parcel.channel}
        if handed.receipt is not None:
            LOG.info("sent", extra={**about, "status": handed.receipt.status})
        elif handed.over:
            kind = "unknown" if handed.over == "unknown" else "undelivered"
            subject = f"{parcel.release_id} {parcel.channel}"
            self._notices.tell(kind, subject, f"{parcel.release_id} → {parcel.channel}：{handed.why}")
        elif handed.error is not None:
            LOG.warning("channel refused", extra={**about, "why": handed.why})
        return handed.receipt is not None
