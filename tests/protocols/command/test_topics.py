"""Topics: what is published where, and no way to break out of a level."""

import pytest

from tirek_protocols.command import Malformed, topics


def test_topics_are_those_of_the_contract():
    nonce = "0123456789abcdef0123456789abcdef"
    assert topics.command(nonce) == f"tirek/1/commands/{nonce}"
    assert topics.to("siren-1") == "tirek/1/to/siren-1"
    assert topics.report("siren-1") == "tirek/1/from/siren-1/report"
    assert topics.beat("siren-1") == "tirek/1/from/siren-1/beat"
    assert topics.ALL_COMMANDS == "tirek/1/commands/+"
    assert topics.ALL_REPORTS == "tirek/1/from/+/report"
    assert topics.ALL_BEATS == "tirek/1/from/+/beat"


def test_the_endpoint_of_a_topic():
    for topic in (topics.to("a_B-9"), topics.report("a_B-9"), topics.beat("a_B-9")):
        assert topics.endpoint_of(topic) == "a_B-9"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "tirek/1/from/x",
        "tirek/1/from/x/other",
        "tirek/1/from//report",
        "tirek/1/from/a b/report",
        "tirek/1/from/x/report\n",
        "tirek/1/from/x/y/report",
        "other/tirek/1/to/x",
        "tirek/1/to/+",
        "tirek/1/to/#",
        "tirek/1/commands/0123456789abcdef0123456789abcdef",
    ],
)
def test_other_topics_have_none(topic):
    assert topics.endpoint_of(topic) is None


@pytest.mark.parametrize("bad", ["", "+", "#", "a/b", "a b", "é", "x" * 41, "x\n", "x\0", None])
@pytest.mark.parametrize("make", [topics.to, topics.report, topics.beat, topics.command])
def test_nothing_else_gets_into_a_topic(make, bad):
    with pytest.raises(Malformed):
        make(bad)
