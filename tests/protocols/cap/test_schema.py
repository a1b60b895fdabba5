"""The schema speaks for itself, from many threads too."""

from concurrent.futures import ThreadPoolExecutor

from tirek_protocols.cap import emit, validate


def test_the_verdict_names_line_and_fault(alert):
    data = emit(alert).replace(b"<status>Exercise", b"<status>Real")
    (first, *_) = validate(data)
    assert first.startswith("line 6: ")
    assert "'Real'" in first


def test_threads_do_not_mix_their_verdicts(alert):
    good = emit(alert)
    bad = good.replace(b"<scope>Public</scope>", b"")
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(validate, [good, bad] * 100))
    assert all(verdict == [] for verdict in verdicts[::2])
    assert all(len(verdict) == 1 and "scope" in verdict[0] for verdict in verdicts[1::2])
