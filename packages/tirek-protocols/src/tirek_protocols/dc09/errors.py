"""What can be wrong with a DC-09 frame. Nothing else is raised by this codec on bytes from outside."""


class Dc09Error(Exception):
    """Base of every error of the codec."""


class Malformed(Dc09Error):
    """The bytes do not follow the grammar of DC-09, DC-03 or DC-05."""


class BadCrc(Dc09Error):
    """The check sum stands in no form that a known panel sends. The standard's answer is silence."""


class BadPadding(Malformed):
    """The encrypted part is not hexadecimal, or not a whole number of AES blocks."""


class NoKey(Dc09Error):
    """The frame is encrypted and no key was given."""


class WrongKey(Dc09Error):
    """What came out of the decryption is not a DC-09 message."""


class UnknownToken(Dc09Error):
    """The frame is sound, but its kind of message is not one that this codec reads. Answer with DUH."""


class Unencodable(Dc09Error, ValueError):
    """What the caller wants to send cannot be written as a DC-09 frame, or the key has a wrong length."""
