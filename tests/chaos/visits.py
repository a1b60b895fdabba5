"""1,000 visits handed in over a bad network, while phones are killed and the web server too: nothing lost, nothing doubled.

    python -m tests.chaos.visits --visits 1000 [--seed 1] [--phones 6] [--large 10]

`--large` visits have a photo of more than 10 MB. Every tenth visit is filled in by two. Exit code 0 only if each answer, photo,
finding and hand-in stands exactly once. All traffic stays on loopback.
"""

from __future__ import annotations

import argparse
import http.client
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

from tests.chaos.phones import Answer, Lost, Phone, Weather, large_photo, small_photo
from tests.chaos.world import HOST, set_environment
from tirek.config.net import answers

CSRF = "c" * 32
KILL_EVERY_S = (6.0, 15.0)


class Web:
    """The real web server in a process of its own; `kill` is SIGKILL, and it comes back."""

    def __init__(self) -> None:
        self.port = int(os.environ["TIREK_WEB"].rpartition(":")[2])
        self.kills = 0
        self.over = threading.Event()
        self.process = self._start()
        self.killer = threading.Thread(target=self._shake, args=(random.Random(7),), daemon=True)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", "tirek.cli", "web"])
        while not answers(HOST, self.port):
            time.sleep(0.1)
        return process

    def _shake(self, chance: random.Random) -> None:
        while not self.over.wait(chance.uniform(*KILL_EVERY_S)):
            self.process.kill()
            self.process.wait()
            self.kills += 1
            self.process = self._start()

    def stop(self) -> None:
        self.over.set()
        self.killer.join()
        self.process.terminate()
        self.process.wait(30)

    def wire_of(self, session: str):
        cookies = f"sessionid={session}; csrftoken={CSRF}"

        def send(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
            own = {
                "Accept": "application/json",
                "Cookie": cookies,
                "X-CSRFToken": CSRF,
                "Content-Length": str(len(body)),
            }
            try:
                connection.request(method, path, body, headers | own)
                answer = connection.getresponse()
                return Answer(answer.status, json.loads(answer.read() or b"{}"))
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise Lost from error
            finally:
                connection.close()

        return send


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos.visits", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phones", type=int, default=6, help="how many work at once")
    parser.add_argument("--large", type=int, default=10)
    options = parser.parse_args()
    root = tempfile.mkdtemp(prefix="tirek-visits-")
    set_environment(Path(root))
    django.setup()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    try:
        return shake(options)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def shake(options: argparse.Namespace) -> int:
    """Make the world, let the phones work, count."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from tests.chaos.verdict_visits import problems
    from tests.fixtures import make_facility, make_person, make_province
    from tests.inspections.support import make_standard, make_visit

    call_command("migrate", verbosity=0)
    chance = random.Random(options.seed)
    province = make_province()
    people = [make_person("inspector", province.districts[0]) for _n in range(2)]
    sessions = []
    for person in people:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions.append(client.cookies["sessionid"].value)
    demands = [row.pk for row in make_standard(keys=tuple("abcdefghijkl"))]
    web = Web()
    wires = [web.wire_of(session) for session in sessions]
    jobs: list[list[Phone]] = []
    for number in range(options.visits):
        visit = make_visit(make_facility(f"F{number}", province.settlements[0]), people[0])
        uid = str(visit.uid)
        if number % 10:
            jobs.append([Phone(wires[0], uid, demands, chance, Weather())])
        else:
            visit.companions.add(people[1])
            jobs.append(
                [Phone(wires[n], uid, part, chance, Weather()) for n, part in enumerate((demands[:6], demands[6:]))]
            )
    for number, phones in enumerate(jobs):
        for phone in phones:
            phone.chance = random.Random(f"{options.seed}-{number}-{phone.store['device']}")
            phone.inspect(large_photo if number < options.large else small_photo, photos=1 + number % 2)
    print(f"{options.visits} visits, {sum(map(len, jobs))} phones", flush=True)
    web.killer.start()
    began, done = time.monotonic(), 0

    def carry(phones: list[Phone]) -> None:
        nonlocal done
        for phone in phones[1:]:
            phone.work(submit=False, most=4000)
        phones[0].work(most=4000)
        done += 1
        if done % 50 == 0:
            print(f"{done} handed in, {time.monotonic() - began:.0f} s, web killed {web.kills} times", flush=True)

    with ThreadPoolExecutor(options.phones) as pool:
        failures = [f for f in (pool.submit(carry, phones) for phones in jobs) if f.exception()]
    web.stop()
    connection.close()
    everybody = [phone for phones in jobs for phone in phones]
    found = problems(everybody) + [repr(failure.exception()) for failure in failures]
    said = sum(len(phone.wanted.answers) for phone in everybody)
    photos = sum(len(phone.wanted.photos) for phone in everybody)
    kills, losses = sum(p.kills for p in everybody), sum(p.losses for p in everybody)
    print(f"{options.visits} visits, {said} answers, {photos} photos; {losses} losses, phones killed {kills} times")
    print(f"web server killed {web.kills} times, {time.monotonic() - began:.0f} s")
    print("\n".join(found[:20]) or "nothing lost, nothing doubled")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
