"""Hypothesis strategies for every message of the protocol."""

import h3
from hypothesis import strategies as st

from tirek_protocols.command import Addressees, Beat, Clip, Command, Proof, Report, Speech, Tone

endpoints = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
nonces = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
alerts = st.from_regex(r"[A-Za-z0-9.:-]{1,60}", fullmatch=True)
languages = st.sampled_from(["kk", "ru", "en", "kk-KZ", "ru-RU"])
names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)
lines = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80)
seconds = st.floats(0.001, 3600) | st.integers(1, 3600)
instants = st.integers(0, 2**53 - 1)
cells = st.builds(h3.latlng_to_cell, st.floats(-89, 89), st.floats(-179, 179), st.integers(0, 15))

audio = st.one_of(
    st.builds(Tone, name=names, seconds=seconds),
    st.builds(
        Clip,
        sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
        language=languages,
        seconds=seconds,
    ),
    st.builds(Speech, language=languages, text=lines),
)
addressees = st.tuples(st.lists(endpoints, max_size=5), st.lists(cells, max_size=5)).filter(any)


@st.composite
def commands(draw):
    action = draw(st.sampled_from(["play", "silence", "silence_all", "test"]))
    issued = draw(st.integers(0, 2**52))
    not_after = issued + draw(st.integers(1, 24 * 3600 * 1000))
    ids, in_cells = draw(addressees)
    return Command(
        id=draw(nonces),
        alert=draw(alerts),
        action=action,
        mode=draw(st.sampled_from(["live", "exercise"])),
        to=Addressees(ids=ids, cells=in_cells),
        issued=issued,
        not_before=draw(st.integers(max(0, issued - 1000), not_after - 1)),
        not_after=not_after,
        max_run=draw(st.integers(1, 3600)),
        audio=draw(st.lists(audio, min_size=1, max_size=4)) if action == "play" else (),
        replaces=draw(st.lists(alerts, max_size=3, unique=True)),
    )


proofs = st.builds(Proof, probe=names, heard=st.booleans(), level_db=st.none() | st.floats(-120, 140), detail=lines)


@st.composite
def reports(draw):
    state = draw(st.sampled_from(["accepted", "sounding", "finished", "failed", "refused", "stopped"]))
    return Report(
        endpoint=draw(endpoints),
        command=draw(nonces | st.just("")),
        alert=draw(alerts | st.just("")),
        seq=draw(instants),
        state=state,
        at=draw(instants),
        reason=draw(lines),
        proof=draw(proofs) if state in ("sounding", "finished") else None,
    )


beats = st.builds(
    Beat,
    endpoint=endpoints,
    seq=instants,
    at=instants,
    version=st.just("0.1.0"),
    playing=nonces | st.just(""),
    waiting=st.integers(0, 1000),
    faults=st.lists(lines, max_size=3),
)
