"""What goes out and what stops it: publish, kill switch, embargo. Who acts is written down with every verb."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from quantshark.errors import EditError
from quantshark.model import SHANGHAI, Receipt
from quantshark.newsroom import channels, outgoing
from quantshark.newsroom.room import Room
from quantshark.store import Halt, Stop


class Sending(Room):
    """The verbs between a release and the world."""

    def publish(self, release: str, target: str = "", actor: str = "") -> Receipt:
        """Send a release (by id, or one of its files) to a channel, once.

        Raises HaltedError while channels are halted, or the release is embargoed, withdrawn or superseded.
        """
        channel = channels.target(target, self.settings)
        path = Path(release)
        known = outgoing.from_file(path, self.shelf, self.store) if path.is_file() else self.store.release(release)
        receipt = outgoing.publish(known, channel, self.shelf, self.store)
        self.store.audit("publish", known.release_id, channel.name, actor)
        return receipt

    def decide(self, release_id: str, channel: str, *, taken: bool, actor: str = "") -> None:
        """A person has looked into a channel that could not tell: it took the release, or it is to be sent again."""
        waiting = [parcel for parcel in self.store.parcels("unknown", release_id) if parcel.channel == channel]
        if not waiting:
            raise EditError(
                f"{release_id} on {channel} is not unknown, so there is nothing to decide",
                notice=f"{release_id} 在 {channel} 没有待人工确认的发送。",
            )
        if taken:
            at = datetime.now(SHANGHAI)
            self.store.settle(Receipt(release_id=release_id, channel=channel, status="sent", at=at, where=(actor,)))
        else:
            self.store.reopen(release_id, channel)
        self.store.audit("decide", release_id, f"{channel} {'taken' if taken else 'again'}", actor)

    def halt(self, reason: str, actor: str = "") -> Halt:
        """Stop all channels, now: once this has returned nothing is taken from the outbox on any machine."""
        if not reason.strip():
            raise EditError("channels are halted for a reason; say which", notice="请写明停发的原因。")
        halt = self.store.halt(reason.strip(), actor)
        self.store.audit("halt", "channels", reason.strip(), actor)
        return halt

    def resume(self, actor: str = "") -> bool:
        """Let the channels go on; False where they were not halted. What waited goes out with the next worker."""
        resumed = self.store.resume()
        if resumed:
            self.store.audit("resume", "channels", "", actor)
        return resumed

    def halted(self) -> Halt | None:
        """The kill switch, where it is pulled."""
        return self.store.halted()

    def embargo(self, release_id: str, not_before: datetime | None, actor: str = "") -> None:
        """Keep a release back until that moment (without a zone: Hong Kong's); None lifts it."""
        moment = not_before.replace(tzinfo=SHANGHAI) if not_before and not_before.tzinfo is None else not_before
        self.store.embargo(release_id, moment, actor)
        self.store.audit("embargo", release_id, moment.isoformat() if moment else "lifted", actor)

    def stop(self, release_id: str) -> Stop | None:
        """Why a release may not go out at this moment, or None."""
        return self.store.stop(release_id)

    def cancel(self, run_id: str, actor: str = "") -> bool:
        """Ask a running draft to stop, within a second; False where it is over."""
        asked = self.store.cancel_run(run_id, actor)
        if asked:
            self.store.audit("cancel", run_id, "", actor)
        return asked
