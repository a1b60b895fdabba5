"""TIREK_HOME: private, made once, the same ever after."""

import stat
from concurrent.futures import ThreadPoolExecutor

from tirek.config.home import Home


def test_everything_is_private(tmp_path):
    home = Home(tmp_path / "home").prepare()
    home.secret("django")
    for path in home.root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700


def test_a_secret_stays_even_when_many_ask_first(tmp_path):
    home = Home(tmp_path / "home").prepare()
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _n: home.secret("x"), range(40)))
    assert len(secrets) == 1
    assert len(secrets.pop()) > 40
    assert [path.name for path in home.keys.iterdir()] == ["x"]


def test_a_damaged_run_file_counts_as_not_running(tmp_path):
    home = Home(tmp_path).prepare()
    home.run_file.write_text("{half")
    assert home.running() == {}
