from tirek_agent.history import FILE, History, Sounding, read_history


def test_soundings_are_there_in_memory_and_on_the_disk(tmp_path):
    told = []
    history = History(tmp_path, lambda endpoint, sounding: told.append((endpoint, sounding)))
    history.begin("e1", "c1", "a1", 100)
    assert history.of("e1") == read_history(tmp_path)["e1"] == [Sounding("c1", "a1", 100, None)]
    history.end("e1", 200)
    history.begin("e2", "c1", "a1", 150)
    assert read_history(tmp_path) == {
        "e1": [Sounding("c1", "a1", 100, 200)],
        "e2": [Sounding("c1", "a1", 150, None)],
    }
    assert [endpoint for endpoint, _ in told] == ["e1", "e1", "e2"]
    history.close()


def test_a_start_without_an_end_and_half_a_line_survive_a_crash(tmp_path):
    history = History(tmp_path)
    history.begin("e1", "c1", "a1", 100)
    history.close()
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"event": "start", "endp')
    assert read_history(tmp_path) == {"e1": [Sounding("c1", "a1", 100, None)]}
    again = History(tmp_path)
    again.begin("e1", "c2", "a2", 300)
    again.close()
    assert [s.command for s in read_history(tmp_path)["e1"]] == ["c1", "c2"]


def test_no_home_no_file(tmp_path):
    history = History(None)
    history.begin("e1", "c1", "a1", 100)
    assert history.of("e1")[0].command == "c1"
    assert history.of("nobody") == []
    assert read_history(tmp_path) == {}
