"""The operator's base map: read in ranges, by people who are logged in, and drawn under the points."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(red: int, green: int, blue: int) -> bytes:
    """A tile of one colour, 256 x 256."""
    rows = (b"\0" + bytes((red, green, blue)) * 256) * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def pmtiles(tile: bytes) -> bytes:
    """An archive of one raster tile for the whole world (PMTiles specification, version 3)."""
    entries = [1, 0, 1, len(tile), 1]  # how many; then tile id, run length, length, offset + 1
    directory = b"".join(varint(n) for n in entries)
    metadata = b'{"attribution": "<b>Map makers</b>"}'
    root = 127
    at_metadata = root + len(directory)
    at_tiles = at_metadata + len(metadata)
    header = b"PMTiles\x03" + struct.pack(
        "<11Q", root, len(directory), at_metadata, len(metadata), at_tiles, 0, at_tiles, len(tile), 1, 1, 1
    )
    # clustered, internal and tile compression none, PNG, zooms 0 to 0, bounds, centre zoom and place
    header += struct.pack("<6B4iB2i", 1, 1, 1, 2, 0, 0, -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    assert len(header) == root
    return header + directory + metadata + tile


@pytest.fixture
def archive(tmp_path: Path, settings: Any) -> bytes:
    content = pmtiles(png(200, 30, 30))
    path = tmp_path / "map.pmtiles"
    path.write_bytes(content)
    settings.PMTILES_FILE = str(path)
    return content


@pytest.fixture
def reader(person, client_for):
    return client_for(person("analyst"))


def test_a_range_is_given_with_its_place(reader, archive):
    answer = reader.get("/ui/base-map", headers={"Range": "bytes=0-126"})
    assert answer.status_code == 206
    assert answer.content == archive[:127]
    assert answer["Content-Range"] == f"bytes 0-126/{len(archive)}"
    assert answer["ETag"]


def test_a_range_past_the_end_is_cut(reader, archive):
    answer = reader.get("/ui/base-map", headers={"Range": f"bytes=100-{len(archive) + 5000}"})
    assert answer.content == archive[100:]


@pytest.mark.parametrize(
    "wrong", ["", "bytes=", "bytes=5-1", "bytes=-5", "bytes=0-1,3-4", "bytes=999999999-9999999999", "items=0-1"]
)
def test_other_ranges_are_refused(reader, archive, wrong):
    assert reader.get("/ui/base-map", headers={"Range": wrong}).status_code == 416


def test_more_than_is_sensible_is_refused(reader, archive, settings, tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    settings.PMTILES_FILE = str(path)
    assert reader.get("/ui/base-map", headers={"Range": "bytes=0-30000000"}).status_code == 416


def test_strangers_are_asked_to_sign_in(client, archive, db):
    assert client.get("/ui/base-map").status_code == 302


@pytest.mark.parametrize("path", ["", "/nowhere/map.pmtiles"])
def test_without_a_file_there_is_none(reader, settings, path):
    settings.PMTILES_FILE = path
    assert reader.get("/ui/base-map", headers={"Range": "bytes=0-1"}).status_code == 404
    assert ("data-base-map" in reader.get("/search").content.decode()) == bool(path)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_map_lies_on_it(open_page, archive):
    page = open_page("/ui/gallery/")
    page.wait_for_selector("tirek-map .maplibregl-ctrl-attrib", timeout=20_000)
    assert page.locator(".maplibregl-ctrl-attrib").inner_text() == "Map makers"
    page.wait_for_timeout(1500)
    loaded = page.evaluate("document.querySelector('tirek-map').map.isSourceLoaded('base')")
    assert loaded
    assert page.errors == []
