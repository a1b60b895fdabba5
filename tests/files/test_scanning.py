"""The virus scanner: a small daemon that speaks clamd's protocol over a real socket."""

import socketserver
import struct
import threading

import pytest

from tests.files import conftest as made
from tirek.audit.act import Refused
from tirek.files import actions
from tirek.files.models import StoredFile
from tirek.files.scanning import TryLater

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.StreamRequestHandler):
    """INSTREAM as the manual of clamd describes it."""

    def handle(self):
        assert self.rfile.readline() == b"nINSTREAM\n"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        answer = self.server.answer or (b"stream: Eicar-Test FOUND" if EICAR in content else b"stream: OK")
        self.wfile.write(answer + b"\n")


@pytest.fixture
def daemon(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Daemon) as server:
        server.seen, server.answer = [], b""
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


def test_what_was_handed_in_is_scanned_whole(inspector, daemon):
    content = made.photo_with_place()
    assert actions.store(inspector, content, kind="photo", name="a.jpg").scanned == "clean"
    assert daemon.seen == [content]


def test_a_virus_is_named_and_not_kept(inspector, daemon, media):
    with pytest.raises(Refused, match="Eicar-Test"):
        actions.store(inspector, EICAR, kind="document", name="a.txt")
    assert not StoredFile.objects.exists()
    assert not list(media.glob("files/*/*/*"))


@pytest.mark.parametrize("answer", [b"stream: Can't allocate memory ERROR", b"nonsense", b""])
def test_a_scanner_in_trouble_lets_nothing_pass(inspector, daemon, answer, monkeypatch):
    daemon.answer = answer
    if not answer:
        monkeypatch.setattr(Daemon, "handle", lambda self: None)  # hangs up
    with pytest.raises(TryLater, match="try again"):
        actions.store(inspector, b"a note", kind="document", name="a.txt")
    assert not StoredFile.objects.exists()


def test_a_scanner_that_is_not_there_lets_nothing_pass(inspector, settings):
    for settings.CLAMD in ("127.0.0.1:1", "/nowhere/clamd.sock", "unix:/nowhere/clamd.sock", "nonsense"):
        with pytest.raises(TryLater):
            actions.store(inspector, b"a note", kind="document", name="a.txt")


def test_a_file_beyond_the_scanners_limit_is_refused_for_good(inspector, daemon):
    daemon.answer = b"INSTREAM size limit exceeded. ERROR"
    with pytest.raises(Refused, match="too large for the virus scanner") as refusal:
        actions.store(inspector, b"a note", kind="document", name="a.txt")
    assert not isinstance(refusal.value, TryLater)
