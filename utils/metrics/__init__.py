"""How good an answer is, measured in the field's own ways: over proven libraries."""

from .classification import (
    Accuracy,
    McNemar,
    accuracy,
    accuracy_by_kind,
    auc,
    calibration_table,
    expected_calibration_error,
    f1,
    mcnemar,
    roc,
)

__all__ = ["Accuracy", "McNemar", "accuracy", "accuracy_by_kind", "auc", "calibration_table",
           "expected_calibration_error", "f1", "mcnemar", "roc"]
