"""The parts of the tests: all are run, and a table says what each took."""

import importlib.util
import json

from utils.authoring import suite


def test_all_parts_run_and_one_that_fails_is_named(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(suite, "PARTS", {
        "good": ("-c", "print('well')"), "bad": ("-c", "raise SystemExit(3)"),
        "notebooks": ("-c", "import sys; print(sys.argv[1:])")})
    assert not suite.run_parts(["bad", "good", "notebooks"], tmp_path, "1/2")
    out = capfd.readouterr().out
    assert "well" in out and "['--shard', '1/2']" in out
    assert "| bad | 0 | FAILED |" in out and "| good | 0 | passed |" in out
    assert suite.run_parts(["good"], tmp_path)
    assert "| bad | 0 | FAILED |" in capfd.readouterr().out     # one table for several commands


def test_what_an_earlier_run_took_is_not_in_the_table(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(suite, "PARTS", {"good": ("-c", "")})
    kept = tmp_path / suite.KEPT
    kept.parent.mkdir()
    kept.write_text(json.dumps([{"part": "old", "seconds": 1, "passed": True, "ended": 0}]))
    assert suite.run_parts(["good"], tmp_path)
    assert "old" not in capfd.readouterr().out


def test_every_part_is_a_module_that_this_python_has():
    for flag, module, *_ in suite.PARTS.values():
        if flag == "-c":
            module = module.split()[1].partition(".")[0]        # from importlinter.cli import ...
        assert importlib.util.find_spec(module)
