"""How good an answer is, measured in the field's own ways: over proven libraries."""

from .captions import bleu, caption_scores, cider_d, diversity, rouge_l
from .classification import (
           accuracy,
           accuracy_by_kind,
           auc,
           calibration_table,
           expected_calibration_error,
           f1,
           mcnemar,
)
from .language import bits_per_character, distinct_n, perplexity

__all__ = ["accuracy", "accuracy_by_kind", "auc", "bits_per_character", "bleu",
           "calibration_table", "caption_scores", "cider_d", "distinct_n", "diversity",
           "expected_calibration_error", "f1", "mcnemar", "perplexity", "rouge_l"]
