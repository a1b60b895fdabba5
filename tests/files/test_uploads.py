"""Files in pieces: any sizes of pieces, lost answers, wrong offsets, damage, and servers that die."""

import hashlib
import io
import itertools
import json
import multiprocessing
import os
import signal
import time
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.files import conftest as made
from tirek.audit.act import Refused
from tirek.files import disk, uploads
from tirek.files.models import StoredFile, Upload
from tirek.files.prune import prune
from tirek.files.scanning import TryLater

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count()
NOTE = b"A note that comes in pieces. " * 40


def sha(content):
    return hashlib.sha256(content).hexdigest()


def announce(client, content, **fields):
    given = {"client_id": "c1", "size": len(content), "sha256": sha(content), "name": "n.txt", "kind": "document"}
    return client.post(reverse("files:uploads"), json.dumps(given | fields), content_type="application/json")


def send(client, pk, offset, piece):
    where = reverse("files:upload", args=[pk])
    headers = {"Upload-Offset": str(offset)}
    return client.patch(where, piece, content_type="application/offset+octet-stream", headers=headers)


@pytest.fixture
def client(inspector, client_for):
    return client_for(inspector)


def test_from_the_announcement_to_the_file(client, inspector):
    answer = announce(client, NOTE)
    assert (answer.status_code, answer.json()["offset"]) == (201, 0)
    pk = answer.json()["id"]
    assert send(client, pk, 0, NOTE[:100]).json()["offset"] == 100
    head = client.head(reverse("files:upload", args=[pk]))
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("100", str(len(NOTE)))
    done = send(client, pk, 100, NOTE[100:]).json()
    row = StoredFile.objects.get()
    assert done["file"]["id"] == row.pk
    assert done["file"]["source_sha256"] == sha(NOTE)
    assert disk.full(row.path).read_bytes() == NOTE
    assert not disk.part_of(pk).exists()
    # The answer was lost: both are asked for again.
    assert send(client, pk, len(NOTE), b"").json()["file"]["id"] == row.pk
    assert announce(client, NOTE).json()["file"]["id"] == row.pk
    assert StoredFile.objects.count() == 1


def test_a_wrong_offset_is_told_the_right_one(client):
    pk = announce(client, NOTE).json()["id"]
    send(client, pk, 0, NOTE[:50])
    for offset in (0, 49, 51, 10**9):
        answer = send(client, pk, offset, NOTE[50:60])
        assert (answer.status_code, answer.json()["offset"]) == (409, 50)
    assert client.get(reverse("files:upload", args=[pk])).json()["offset"] == 50


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "٣", "9" * 30])
def test_an_offset_that_is_none(client, offset):
    pk = announce(client, NOTE).json()["id"]
    assert send(client, pk, offset, b"x").status_code == 400


@pytest.mark.parametrize(
    "fields",
    [{"size": "x"}, {"size": -1}, {"sha256": "short"}, {"kind": "film"}, {"client_id": ""}, {"client_id": "x" * 65}],
)
def test_nonsense_is_no_announcement(client, fields):
    assert announce(client, NOTE, **fields).status_code == 400
    for body in ("", "[]", "{", '"x"', "null"):
        answer = client.post(reverse("files:uploads"), body, content_type="application/json")
        assert answer.status_code == 400, body


def test_what_will_not_be_taken_is_refused_before_a_byte_is_sent(client):
    assert "larger than 60 MB" in announce(client, NOTE, size=70 * 2**20, kind="photo").json()["error"]
    assert announce(client, b"", client_id="c2").status_code == 409
    announce(client, NOTE)
    assert "Another file" in announce(client, NOTE + b"!").json()["error"]


def test_more_bytes_than_announced_change_nothing(client):
    pk = announce(client, NOTE).json()["id"]
    send(client, pk, 0, NOTE[:10])
    assert send(client, pk, 10, NOTE).status_code == 422
    assert client.get(reverse("files:upload", args=[pk])).json()["offset"] == 10
    assert send(client, pk, 10, NOTE[10:]).json()["file"]


def test_damage_on_the_way_begins_anew(client):
    pk = announce(client, NOTE).json()["id"]
    answer = send(client, pk, 0, NOTE[:-1] + b"!")
    assert (answer.status_code, answer.json()["offset"]) == (409, 0)
    assert "damaged" in answer.json()["error"]
    assert send(client, pk, 0, NOTE).json()["file"]


def test_a_whole_file_that_is_not_allowed_is_refused_for_good(client):
    content = made.executable()
    pk = announce(client, content, kind="photo").json()["id"]
    for _again in range(2):
        answer = send(client, pk, 0, content)
        assert answer.status_code == 422
        assert "allowed type" in answer.json()["error"]
    assert "allowed type" in announce(client, content, kind="photo").json()["error"]
    assert not disk.part_of(pk).exists()


def test_a_scanner_that_does_not_answer_loses_nothing(client, settings):
    pk = announce(client, NOTE).json()["id"]
    settings.CLAMD = "127.0.0.1:1"
    answer = send(client, pk, 0, NOTE)
    assert (answer.status_code, answer.json()["offset"]) == (503, len(NOTE))
    settings.CLAMD = ""
    assert send(client, pk, len(NOTE), b"").json()["file"]


def test_somebody_elses_upload_is_not_found(client, client_for, person):
    pk = announce(client, NOTE).json()["id"]
    stranger = client_for(person("inspector"))
    assert send(stranger, pk, 0, NOTE).status_code == 404
    assert stranger.get(reverse("files:upload", args=[pk])).status_code == 404
    assert announce(client_for(person("analyst")), NOTE).status_code == 403


def test_house_keeping_clears_uploads_that_nobody_went_on_with(client):
    old, young = announce(client, NOTE).json()["id"], announce(client, NOTE, client_id="c2").json()["id"]
    for pk in (old, young):
        send(client, pk, 0, NOTE[:10])
    Upload.objects.filter(pk=old).update(touched_at=timezone.now() - timedelta(days=15))
    assert prune() == 1
    assert not disk.part_of(old).exists()
    assert list(Upload.objects.values_list("pk", flat=True)) == [young]


def test_a_file_that_was_stored_long_ago_is_not_sent_again(client):
    pk = announce(client, NOTE).json()["id"]
    send(client, pk, 0, NOTE)
    Upload.objects.all().delete()
    assert announce(client, NOTE).json()["file"]["source_sha256"] == sha(NOTE)
    assert StoredFile.objects.count() == 1


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(min_size=1, max_size=5000).map(lambda b: b"text " + b.hex().encode()),
    steps=st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 900)), max_size=30),
)
def test_any_pieces_in_any_order_give_the_file_or_leave_a_true_offset(inspector, content, steps):
    """`steps`: how far off the offset is that the device believes, and how long its piece."""
    number = f"p-{next(NUMBERS)}"
    fields = {"client_id": number, "size": len(content), "sha256": sha(content), "name": "n", "kind": "document"}
    upload = uploads.begin(inspector, **fields).upload
    here = 0
    for off, length in steps:
        offset, piece = here + off, content[here : here + length]
        if off:
            with pytest.raises(uploads.WrongOffset) as wrong:
                uploads.append(inspector, upload, offset, io.BytesIO(piece))
            assert wrong.value.offset == here
        else:
            here = uploads.append(inspector, upload, offset, io.BytesIO(piece)).offset
        assert uploads.state(upload).offset == here == min(here, len(content))
    if here < len(content):
        uploads.append(inspector, upload, here, io.BytesIO(content[here:]))
    assert disk.full(StoredFile.objects.get(client_id=number).path).read_bytes() == content


def test_a_piece_that_breaks_off_is_kept_as_far_as_it_came(inspector):
    fields = {"client_id": "x", "size": len(NOTE), "sha256": sha(NOTE), "name": "n", "kind": "document"}
    upload = uploads.begin(inspector, **fields).upload

    class BreaksOff:
        given = [NOTE[:70], NOTE[70:90]]

        def read(self, size):
            if not self.given:
                raise ConnectionResetError
            return self.given.pop(0)

    with pytest.raises(ConnectionResetError):
        uploads.append(inspector, upload, 0, BreaksOff())
    assert uploads.state(upload).offset == 90
    assert uploads.append(inspector, upload, 90, io.BytesIO(NOTE[90:])).stored


def _slow_writer(path, content, begun):
    """Another process that appends under the lock, a few bytes at a time, until it is killed."""
    with disk.locked(path) as part:
        for i in range(0, len(content), 7):
            part.write(content[i : i + 7])
            part.flush()
            begun.set()
            time.sleep(0.001)


@pytest.mark.parametrize("kill_after", [0.0, 0.005, 0.02])
def test_a_server_killed_in_the_middle_of_a_piece_forgets_nothing_and_doubles_nothing(inspector, kill_after):
    fields = {"client_id": "k", "size": len(NOTE), "sha256": sha(NOTE), "name": "n", "kind": "document"}
    upload = uploads.begin(inspector, **fields).upload
    context = multiprocessing.get_context("fork")
    begun = context.Event()
    process = context.Process(target=_slow_writer, args=(disk.part_of(upload.pk), NOTE, begun))
    process.start()
    begun.wait(10)
    time.sleep(kill_after)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    here = uploads.state(upload).offset
    assert 0 < here < len(NOTE)
    with pytest.raises(uploads.WrongOffset) as wrong:  # the device had no answer, and tries what it believes
        uploads.append(inspector, upload, 0, io.BytesIO(NOTE))
    assert wrong.value.offset == here
    stored = uploads.append(inspector, upload, here, io.BytesIO(NOTE[here:])).stored
    assert disk.full(stored.path).read_bytes() == NOTE


def test_killed_between_the_file_and_its_row(inspector, monkeypatch):
    fields = {"client_id": "k", "size": len(NOTE), "sha256": sha(NOTE), "name": "n", "kind": "document"}
    upload = uploads.begin(inspector, **fields).upload
    save = StoredFile.save

    def killed(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(StoredFile, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        uploads.append(inspector, upload, 0, io.BytesIO(NOTE))
    monkeypatch.setattr(StoredFile, "save", save)
    assert uploads.state(upload).offset == len(NOTE)
    assert uploads.append(inspector, upload, len(NOTE), io.BytesIO(b"")).stored
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_the_same_last_piece_give_one_file(inspector):
    fields = {"client_id": "k", "size": len(NOTE), "sha256": sha(NOTE), "name": "n", "kind": "document"}
    upload = uploads.begin(inspector, **fields).upload
    uploads.append(inspector, upload, 0, io.BytesIO(NOTE[:100]))
    outcomes = []

    def last_piece():
        try:
            outcomes.append(uploads.append(inspector, Upload.objects.get(pk=upload.pk), 100, io.BytesIO(NOTE[100:])))
        except uploads.WrongOffset as wrong:
            outcomes.append(wrong.offset)
        finally:
            connection.close()

    threads = [Thread(target=last_piece) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([o for o in outcomes if isinstance(o, uploads.State)]) == 1
    assert outcomes.count(len(NOTE)) == 3
    assert StoredFile.objects.count() == 1


def test_too_many_open_uploads(inspector, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    fields = {"size": len(NOTE), "sha256": sha(NOTE), "name": "n", "kind": "document"}
    for number in ("a", "b"):
        uploads.begin(inspector, client_id=number, **fields)
    with pytest.raises(Refused, match="unfinished"):
        uploads.begin(inspector, client_id="c", **fields)


def test_a_full_disk_takes_nothing(inspector, monkeypatch):
    monkeypatch.setattr(disk, "LEAST_FREE", 2**62)
    with pytest.raises(TryLater, match="no room"):
        uploads.begin(inspector, client_id="a", size=5, sha256=sha(b"12345"), name="n", kind="document")
