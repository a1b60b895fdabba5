"""The catalogues of all apps, taken together."""

from collections import defaultdict

import pytest

from tools import messages


def test_every_message_is_translated():
    problems = [problem for app in messages.apps() for problem in messages.problems(app)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_message_reads_the_same_in_every_app(language):
    """Django pours all catalogues into one: of two translations of the same English text one is never seen.

    Where the same word means two things, give it a context (pgettext, {% translate "..." context "..." %}).
    """
    found = defaultdict(lambda: defaultdict(set))
    for app in messages.apps():
        for message in messages.read(app, language):
            if message.id and message.string:
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[message.context, key][str(message.string)].add(app)
    torn = {key: {text: sorted(apps) for text, apps in said.items()} for key, said in found.items() if len(said) > 1}
    assert not torn, "\n".join(f"{key}: {said}" for key, said in torn.items())
