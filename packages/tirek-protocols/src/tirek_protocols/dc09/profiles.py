"""Panels that do not follow DC-09 to the letter, described as data.

A frame carries the name of the profile it was recognised by; answers to it are built in the same profile. Store
the name with the panel, so that a frame whose check sum is broken can still be answered in the panel's own way.
"""

from dataclasses import dataclass

from .errors import Unencodable


@dataclass(frozen=True, slots=True)
class Profile:
    """How a family of panels writes its frames."""

    name: str
    #: The CRC is sent as two binary bytes, high byte first, instead of four hexadecimal digits.
    binary_crc: bool = False
    #: The CRC also covers the closing carriage return.
    crc_covers_end: bool = False
    #: The line prefix is a bare `L` without digits.
    bare_prefix: bool = False


STANDARD = Profile("standard")
ELDES = Profile("eldes", crc_covers_end=True)
TRIKDIS = Profile("trikdis", binary_crc=True)
G90B = Profile("g90b", bare_prefix=True)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (STANDARD, ELDES, TRIKDIS, G90B)}


def find_profile(name: str) -> Profile:
    """Return the profile of this name; raises Unencodable when there is none."""
    profile = PROFILES.get(name)
    if profile is None:
        raise Unencodable(f"no profile {name!r}; there are {', '.join(PROFILES)}")
    return profile
