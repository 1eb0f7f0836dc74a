"""How fast a machine is, beside every record of seconds."""

import pytest

from utils.studies import machine


def test_a_calibration_names_the_processor_and_both_speeds():
    found = machine.calibration()
    assert found["processor"]
    assert found["float32_gflops"] > 0.1 and found["lstm_step_ms"] > 0.01
    assert machine.calibration() is found           # measured once in a process


def test_the_best_round_counts():
    clock = iter([0.0, 9.0, 10.0, 10.5, 20.0, 22.0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine.time, "perf_counter", lambda: next(clock))
        assert machine._best(lambda: None, rounds=3) == 0.5


def test_budgets_scale_with_the_step_of_training():
    record = {"machine": {"lstm_step_ms": 2.0}}
    assert machine.slower_than(record, {"lstm_step_ms": 5.0}) == 2.5
    assert machine.slower_than({}, {"lstm_step_ms": 5.0}) == 1.0
