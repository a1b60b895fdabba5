"""CRC-16/ARC, the check sum of DC-09 (SIA DC-07 annex B: x^16 + x^15 + x^2 + 1, reflected, initial value 0).

Worked out on the whole message as one big integer instead of byte by byte, which Python does slowly.

Bit i of the little-endian integer is the i-th bit on the wire, so as a polynomial in y the generator reads
1 + y + y^14 + y^16 = (1 + y)(1 + y^14 + y^15). Modulo the second factor 1 = y^14 + y^15, and since squaring is linear
over two elements, also 1 = y^(14 q) + y^(15 q) for every power of two q. So the low bits of the integer may be taken off
and added again 14 q and 15 q places higher: one step on big integers removes almost half of the bits, and a message
of 75 bytes needs eight steps. Modulo the first factor a polynomial is its number of terms, odd or even; the generator's
second factor has three, so adding it at the end sets that right without disturbing the rest.
"""

from functools import lru_cache

#: 1 + y^14 + y^15
_FACTOR = 0xC001


@lru_cache(maxsize=256)
def _steps(bits: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return (mask, count, first shift, second shift) of each step that takes `bits` low bits off.

    A step with q takes at most 14 q bits off, so that none lands below, and must leave at least 15 q - 15, so that
    none lands more than 15 places above what is still to be taken off.
    """
    steps = []
    while bits:
        count, power = max((min(14 << k, bits - (15 << k) + 15), k) for k in range(bits.bit_length()))
        steps.append(((1 << count) - 1, count, (14 << power) - count, 1 << power))
        bits -= count
    return tuple(steps)


def crc16(data: bytes) -> int:
    """Return the CRC-16/ARC of `data`, 0 to 65535. `crc16(b"123456789")` is 0xBB3D."""
    rest = int.from_bytes(data, "little")
    terms = rest.bit_count()
    for mask, count, first, second in _steps(len(data) * 8):
        low = (rest & mask) << first
        rest = rest >> count ^ low ^ low << second
    return rest ^ _FACTOR if (rest.bit_count() ^ terms) & 1 else rest
