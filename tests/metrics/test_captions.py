"""Caption metrics against cases worked by hand, and what they must and must not notice."""

import math
import re

import numpy as np
import pytest

from utils.metrics import bleu, caption_scores, cider_d, diversity, rouge_l

MANY = ["a red ball lies on grass", "two dogs run over snow", "a child jumps into water",
        "people sit at a table"]
REFERENCES = [[text, "the " + text] for text in MANY]


def test_bleu_by_hand():
    """7 of 9 words are hits (a second "the" is clipped), 4 of 7 pairs, 2 of 5 triples, 1 of 3.

    Hypothesis 1, "the the red ball lies here": hits the, red, ball, lies of 6 words; "the red",
    "red ball", "ball lies" of 5 pairs; "the red ball", "red ball lies" of 4; one of 3 fours.
    Hypothesis 2, "dogs run far": all 3 words of the first reference, but "dogs run" alone of
    2 pairs, none of 1 triple. The closest references have 4 and 4 words: 8 < 9, no penalty.
    """
    found = bleu(["the the red ball lies here", "Dogs run far"],
                 [["the red ball lies"], ["dogs run so far", "a b c d e f g h"]])
    shares = [7 / 9, 4 / 7, 2 / 5, 1 / 3]
    expected = [100 * math.prod(shares[:n]) ** (1 / n) for n in range(1, 5)]
    np.testing.assert_allclose(found[:4], expected)
    assert found.brevity_penalty == 1


def test_bleu_s_brevity_penalty_by_hand():
    found = bleu(["a red ball lies"], [["a red ball lies on grass", "x " * 20]])
    assert found.brevity_penalty == pytest.approx(math.exp(1 - 6 / 4))
    np.testing.assert_allclose(found[:4], 100 * math.exp(-0.5))


def test_bleu_without_a_hit_of_an_order_is_zero_from_there_on():
    found = bleu(["red a"], [["a red ball"]])
    assert found.bleu1 > 0 and found[1:4] == (0, 0, 0)


def test_rouge_by_hand():
    """Common subsequence "a ball lies": 3 of 4 and 3 of 6; the second reference shares one."""
    found = rouge_l(["a ball lies there"], [["a red ball lies on grass", "a cat"]])
    p, r = 3 / 4, 1 / 2
    np.testing.assert_allclose(found, 100 * (1 + 1.44) * p * r / (r + 1.44 * p))


def test_cider_by_hand():
    """Two images; what both have weighs 0, every other word log 2.

    Hypothesis "a red red box" and reference "a red ball": the vectors are over red and box, and
    over red and ball; "red" is clipped from 2 to 1, so the cosine of words is 1 / (√5 · √2). Of
    the pairs, "a red" is common: 1 / (√3 · √2). No triple is. The lengths differ by 1.
    """
    found = cider_d(["a red red box", "a cat"], [["a red ball"], ["a cat"]])
    cosines = 1 / (math.sqrt(5) * math.sqrt(2)) + 1 / (math.sqrt(3) * math.sqrt(2))
    assert found[0] == pytest.approx(10 * cosines / 4 * math.exp(-1 / 72))
    assert found[1] == pytest.approx(10 * 2 / 4)        # no triple at all in two words


def test_an_exact_caption_scores_highest_everywhere():
    scores = caption_scores(MANY, [[text] for text in MANY])
    assert scores == pytest.approx({"BLEU-1": 100, "BLEU-2": 100, "BLEU-3": 100, "BLEU-4": 100,
                                    "ROUGE-L": 100, "CIDEr-D": 10})


def test_cider_is_the_mean_over_references():
    references = [["a red ball lies", "the ball"], *REFERENCES[1:]]
    corpus = references
    both = cider_d(MANY, references)[0]
    alone = [cider_d(MANY, [[one], *REFERENCES[1:]], corpus)[0] for one in references[0]]
    assert both == pytest.approx(np.mean(alone))


def test_cider_prefers_the_word_that_few_images_have():
    references = [["a red ball"], ["a red cat"], ["a red dog"], ["a blue ant"]]
    rest = [captions[0] for captions in references[1:]]
    assert cider_d(["x ball y", *rest], references)[0] > cider_d(["x red y", *rest], references)[0]


def test_repeating_a_good_word_does_not_raise_cider():
    rest = MANY[1:]
    assert cider_d(["red ball ball ball ball", *rest], REFERENCES)[0] < cider_d(
        ["red ball", *rest], REFERENCES)[0]


def test_tokens_and_strings_in_any_case_score_alike():
    shouted = [text.upper() for text in MANY]
    listed = [[caption.split() for caption in captions] for captions in REFERENCES]
    assert caption_scores(shouted, listed) == caption_scores(MANY, REFERENCES)


@pytest.mark.parametrize("metric", [bleu, rouge_l, cider_d, caption_scores])
def test_chinese_captions_score_as_their_characters_set_apart(metric):
    hypotheses = ["一个女孩在走路。", "两只狗在 KTV 里", "a 红球"]
    references = [["一个女孩在路上走", "女孩走路"], ["两只狗在KTV唱歌"], ["一个红球", "a ball"]]

    def apart(caption):
        return re.sub("([\u4e00-\u9fff])", r" \1 ", caption)

    np.testing.assert_equal(metric(hypotheses, references), metric(
        [apart(text) for text in hypotheses],
        [[apart(text) for text in texts] for texts in references]))


def test_chinese_bleu_and_diversity_by_hand():
    """Of 一 个 女 孩 在 走 路 。 all but the last are hits; 在 occurs twice in two captions."""
    assert bleu(["一个女孩在走路。"], [["一个女孩在路上走"]]).bleu1 == pytest.approx(100 * 7 / 8)
    assert diversity(["在路上", "在水里"])[:2] == (5 / 6, 1)


def test_lists_of_chinese_words_stay_as_they_were_cut():
    assert rouge_l([["女孩", "走路"]], [[["女孩", "走", "路"]]])[0] < 100
    assert bleu([["女孩", "走路"]], [[["女孩", "走路"]]]).bleu2 == pytest.approx(100)


def test_order_of_images_and_of_references_does_not_matter():
    hypotheses = [MANY[0], "two cats run", "a child", "people at table"]
    turned = [captions[::-1] for captions in REFERENCES[::-1]]
    assert caption_scores(hypotheses[::-1], turned) == pytest.approx(
        caption_scores(hypotheses, REFERENCES))


def test_diversity_of_one_sentence_for_all_and_of_many():
    one = diversity(["a red ball"] * 5, training=["a red ball", "x"])
    assert one[:4] == (3 / 15, 2 / 10, 1 / 5, 1.0) and one.n_words == 3
    many = diversity(MANY, training=["A red ball lies on grass"])
    assert many.distinct_captions == 1 and many.copied == 1 / 4
    assert many.distinct_2 == 1 and many.distinct_1 < 1       # "a" is in three of them
    assert math.isnan(diversity(MANY).copied)


def test_an_empty_caption_scores_nothing():
    scores = caption_scores(["", *MANY[1:]], REFERENCES)
    assert scores["BLEU-1"] < 100
    assert rouge_l(["", *MANY[1:]], REFERENCES)[0] == 0 == cider_d(["", *MANY[1:]], REFERENCES)[0]


@pytest.mark.parametrize("metric", [bleu, rouge_l, cider_d, caption_scores])
@pytest.mark.parametrize("hypotheses, references, says", [
    ([], [], "0 hypotheses"), (["a"], [["a"], ["b"]], "1 hypotheses and 2 lists"),
    (["a", "b"], [["a"], []], "image 1"), (["a", "b"], [["a"], "b"], "image 1 has 'b'"),
    ("a b", [["a"]], "the string 'a b'"),
])
def test_wrong_input_is_named(metric, hypotheses, references, says):
    with pytest.raises(ValueError, match=says):
        metric(hypotheses, references)


def test_cider_on_one_image_and_diversity_of_none_say_why():
    with pytest.raises(ValueError, match="at least 2 images"):
        cider_d(["a"], [["a"]])
    with pytest.raises(ValueError, match="hypotheses is empty"):
        diversity([])
    with pytest.raises(ValueError, match="the string 'a b'"):
        diversity("a b")
