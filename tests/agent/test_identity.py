import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.agent.support import CELL
from tirek_agent.identity import IdentityError, enrol, is_exposed, load_settings, own_key, save_settings


@pytest.fixture
def web():
    """A centre's web server that answers with `web.answer`."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            server.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.path = self.path
            code, body = server.answer
            self.send_response(code)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def good(centre):
    return {
        "endpoint": "e1",
        "cell": CELL,
        "centre_keys": [centre.key.public.bytes.hex()],
        "mqtt": {"url": "mqtt://broker:1883", "username": "u", "password": "p"},
        "clips_url": "http://centre/clips",
        "enrolled_at": 1_800_000_000_000,
    }


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    key = own_key(tmp_path)
    assert own_key(tmp_path).bytes == key.bytes
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_damaged_key_is_an_error_and_not_replaced(tmp_path):
    (tmp_path / "key").write_text("rubbish")
    with pytest.raises(IdentityError, match="damaged"):
        own_key(tmp_path)
    assert (tmp_path / "key").read_text() == "rubbish"


def test_enrolment_shows_code_and_key_and_keeps_the_answer(tmp_path, web, good, centre):
    web.answer = (200, good)
    settings = enrol(tmp_path / "home", web.url + "/", " 7K3M ", "roof")
    assert web.path == "/api/agent/enrol"
    assert web.asked["code"] == "7K3M"
    assert web.asked["public_key"] == own_key(tmp_path / "home").public.bytes.hex()
    assert load_settings(tmp_path / "home") == settings
    assert list(settings.verify_keys()) == [centre.key.public.key_id]
    for path, mode in ((tmp_path / "home", 0o700), (tmp_path / "home" / "agent.json", 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_enrolling_again_keeps_what_the_technician_chose(tmp_path, web, good):
    web.answer = (200, good)
    settings = enrol(tmp_path, web.url, "1", "roof")
    chosen = type(settings)(**(vars(settings) | {"sink": "device:USB", "probe": "microphone"}))
    save_settings(tmp_path, chosen)
    web.answer = (200, good | {"endpoint": "e2"})
    again = enrol(tmp_path, web.url, "2", "roof")
    assert (again.endpoint, again.sink, again.probe) == ("e2", "device:USB", "microphone")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((400, {"error": "This code was used before."}), "used before"),
        ((404, b"<html>"), "new code"),
        ((200, b"<html>"), "not answer like"),
        ((200, []), "not answer like"),
        ((200, {"endpoint": "e1"}), "not complete"),
    ],
)
def test_a_refusal_or_a_wrong_server_is_explained(tmp_path, web, answer, says):
    web.answer = answer
    with pytest.raises(IdentityError, match=says):
        enrol(tmp_path, web.url, "1", "")
    assert not (tmp_path / "agent.json").exists()


@pytest.mark.parametrize(
    "wrong", [{"endpoint": "a/b"}, {"cell": "x"}, {"centre_keys": []}, {"centre_keys": ["00"]}, {"mqtt": None}]
)
def test_an_answer_that_makes_no_sense_is_not_kept(tmp_path, web, good, wrong):
    web.answer = (200, good | wrong)
    with pytest.raises(IdentityError, match="not complete"):
        enrol(tmp_path, web.url, "1", "")


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "ftp://x", "centre.example"])
def test_a_server_that_cannot_be_reached_is_explained(tmp_path, server):
    with pytest.raises(IdentityError):
        enrol(tmp_path, server, "1", "")


def test_settings_that_are_missing_or_broken_say_what_to_do(tmp_path):
    with pytest.raises(IdentityError, match="not enrolled yet"):
        load_settings(tmp_path)
    (tmp_path / "agent.json").write_text("{}")
    with pytest.raises(IdentityError, match="cannot be read"):
        load_settings(tmp_path)


def test_only_https_and_this_machine_are_private():
    assert is_exposed("http://centre.example")
    assert not is_exposed("https://centre.example")
    assert not is_exposed("http://127.0.0.1:8000")
