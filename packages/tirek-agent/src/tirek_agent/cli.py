"""`tirek-agent`: the command line of the program beside a siren or loudspeaker."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tirek_agent import __version__
from tirek_agent.agent import Agent, wall_ms
from tirek_agent.audio.clips import Clips
from tirek_agent.audio.probe import ProbeError
from tirek_agent.audio.render import Renderer
from tirek_agent.audio.speech import Espeak
from tirek_agent.audio.tone import TONES
from tirek_agent.client import Broker, Link
from tirek_agent.core import Me
from tirek_agent.ending import ended
from tirek_agent.history import History, read_history
from tirek_agent.identity import (
    IdentityError,
    Settings,
    enrol,
    is_exposed,
    load_settings,
    make_home,
    own_key,
)
from tirek_agent.journal import Journal, JournalError, read_memory
from tirek_agent.parts import make_probe, make_sink
from tirek_agent.player import PlayError, SoundPlayer
from tirek_protocols.command import Addressees, Command, Proof, Tone, decode_command

log = logging.getLogger(__name__)

JOURNAL_FILE = "journal.sqlite3"
LAST_SHOWN = 5

ABOUT = """The program that runs beside a siren or loudspeaker. It takes signed commands from the centre, plays each of
them once, and proves that it sounded.

  tirek-agent enrol --server https://warning.example --code 7K3M-92QF
  tirek-agent play-test
  tirek-agent run
"""


class Trouble(Exception):
    """What stops the program, in words for the technician."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        "tirek-agent", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action="version", version=__version__)
    top.add_argument(
        "--home",
        type=Path,
        default=Path(os.environ.get("TIREK_AGENT_HOME", Path.home() / ".tirek-agent")),
        help="folder of key, settings and journal (default: TIREK_AGENT_HOME or ~/.tirek-agent)",
    )
    acts = top.add_subparsers(dest="act", required=True, metavar="ACT")
    joining = acts.add_parser("enrol", help="make this device known to the centre, with a one-time code")
    joining.add_argument("--server", required=True, help="address of the centre's pages, https://...")
    joining.add_argument("--code", required=True, help="the code that the centre shows for this endpoint")
    joining.add_argument("--name", default="", help="a name for this device, for people")
    acts.add_parser("run", help="work: take commands, play, report; until stopped")
    acts.add_parser("status", help="show who this device is, what it played, and what is wrong")
    test = acts.add_parser("play-test", help="play a tone now and say whether the probe heard it")
    test.add_argument("--tone", choices=TONES, default="test", help="which tone (default: %(default)s)")
    test.add_argument("--seconds", type=float, default=3.0, help="how long (default: %(default)s)")
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0 when all is well."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s", stream=sys.stderr)
    options = parser().parse_args(words)
    try:
        match options.act:
            case "enrol":
                return _enrol(options.home, options.server, options.code, options.name)
            case "run":
                return asyncio.run(_run(options.home))
            case "status":
                return asyncio.run(_status(options.home))
            case _:
                return asyncio.run(_play_test(options.home, options.tone, options.seconds))
    except (IdentityError, JournalError, Trouble, OSError) as error:
        print(f"tirek-agent: {error}", file=sys.stderr)
        return 1


def _enrol(home: Path, server: str, code: str, name: str) -> int:
    if is_exposed(server):
        print("Warning: without https:// others on the network could put themselves in the centre's place.")
    settings = enrol(home, server, code, name)
    print(f"Enrolled as {settings.endpoint}. Compare the centre's key with what its page shows:")
    for key_id in settings.verify_keys():
        print(f"  {key_id.hex(' ', 2)}")
    print("Next: choose sink and probe in", home / "agent.json", "and run: tirek-agent play-test")
    return 0


def _player(settings: Settings, home: Path, voice: Espeak) -> tuple[SoundPlayer, Clips]:
    try:
        sink = make_sink(settings.sink)
        probe = make_probe(settings.probe, sink)
    except ValueError as error:
        raise Trouble(f"In {home / 'agent.json'}: {error}.") from error
    clips = Clips(home / "clips", settings.clips_url)
    return SoundPlayer(Renderer(voice, clips), sink, probe), clips


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Two agents with one identity would sound everything twice."""
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Trouble(f"An agent is already running in {home}.") from error
        yield


async def _run(home: Path) -> int:
    make_home(home)
    settings = load_settings(home)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with _alone(home):
        await _work(home, settings, stop)
    return 0


def _broker(settings: Settings) -> Broker:
    try:
        return Broker.from_url(settings.mqtt_url).logged_in(settings.mqtt_username, settings.mqtt_password)
    except ValueError as error:
        raise Trouble(str(error)) from error


async def _work(home: Path, settings: Settings, stop: asyncio.Event) -> None:
    broker = _broker(settings)
    keys = settings.verify_keys()
    voice = Espeak()
    player, clips = _player(settings, home, voice)
    journal = Journal(home / JOURNAL_FILE)
    history = History(home)
    agent = Agent(
        Me(settings.endpoint, settings.cell, settings.enrolled_at),
        own_key(home),
        lambda envelope: decode_command(envelope, keys),
        journal,
        player,
        history,
        most_run_s=settings.most_run_s,
    )
    link = Link(agent, broker)
    tasks: list[asyncio.Task[None]] = []
    try:
        await voice.start()
        await _open(player)
        await agent.start()
        tasks = [asyncio.create_task(link.run()), asyncio.create_task(clips.keep_current())]
        log.info("Endpoint %s is at work.", settings.endpoint)
        await stop.wait()
    finally:
        await ended(tasks)
        await agent.stop()
        await clips.close()
        await player.close()
        await voice.close()
        await journal.close()
        history.close()


async def _open(player: SoundPlayer) -> None:
    """A broken probe must not keep a siren silent: it is a fault in every heartbeat instead."""
    try:
        await player.open()
    except ProbeError as error:
        log.error("%s", error)


async def _status(home: Path) -> int:
    settings = load_settings(home)
    print(f"endpoint   {settings.endpoint}  {settings.name}")
    print(f"centre     {settings.server}, broker {settings.mqtt_url}")
    print(f"sound      sink {settings.sink}, probe {settings.probe}")
    if (home / JOURNAL_FILE).exists():
        memory = read_memory(home / JOURNAL_FILE, settings.endpoint)
        print(f"commands   {len(memory.known)} known, {len(memory.untold)} reports wait for the network")
    for sounding in read_history(home).get(settings.endpoint, [])[-LAST_SHOWN:]:
        at = datetime.fromtimestamp(sounding.start_ms / 1000).astimezone()
        end = sounding.end_ms
        length = f"{(end - sounding.start_ms) / 1000:.1f} s" if end is not None else "end not known"
        print(f"sounded    {at:%Y-%m-%d %H:%M:%S}  {length}  {sounding.alert or 'test'}")
    voice = Espeak()
    player, _ = _player(settings, home, voice)
    with contextlib.suppress(ProbeError):
        await player.open()
    faults = await player.faults()
    await player.close()
    for fault in faults:
        print(f"fault      {fault}")
    if not faults:
        print("fault      none")
    return 1 if faults else 0


async def _play_test(home: Path, tone: str, seconds: float) -> int:
    settings = load_settings(home)
    voice = Espeak()
    player, _ = _player(settings, home, voice)
    await _open(player)
    now = wall_ms()
    command = Command(
        id="0" * 32,
        alert="",
        action="test",
        mode="live",
        to=Addressees(ids=(settings.endpoint,)),
        issued=now,
        not_before=now,
        not_after=now + 3_600_000,
        max_run=3600,
        audio=(Tone(tone, seconds),),
    )

    async def heard(proof: Proof) -> None:
        print(f"first look: {_said(proof)}")

    try:
        latest = asyncio.get_running_loop().time() + 3600
        played = await player.play(command, seconds + 5, latest, lambda: print(f"playing {tone}..."), heard)
    except PlayError as error:
        raise Trouble(f"Nothing sounds: {error}.") from error
    finally:
        await player.close()
    print(f"whole tone: {_said(played.proof)}")
    if settings.probe == "none":
        print("No probe is set, so only your ears can tell.")
        return 0
    return 0 if played.proof.heard else 1


def _said(proof: Proof) -> str:
    level = "" if proof.level_db is None else f", {proof.level_db} dB"
    return f"{'heard' if proof.heard else 'NOT heard'}{level} ({proof.detail})"


if __name__ == "__main__":
    sys.exit(main())
