"""What can be wrong with a device message."""


class CommandError(Exception):
    """A command, report or beat that must not be used. Every error of this package is one of these."""


class Malformed(CommandError):
    """Not a message of ours, or one that breaks a rule of its own form."""


class TooLong(CommandError):
    """Larger, or meant to last longer, than the protocol allows."""


class UnknownKey(CommandError):
    """Signed with a key that was not given to us."""


class BadSignature(CommandError):
    """The signature does not belong to these bytes and this kind of message."""


class NotAddressed(CommandError):
    """Meant for other endpoints, or older than the enrolment of this one."""


class Stale(CommandError):
    """Its time is over."""


class TooEarly(CommandError):
    """Its time has not come yet."""


class Replayed(CommandError):
    """Seen before."""
