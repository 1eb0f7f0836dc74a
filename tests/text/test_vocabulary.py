"""A vocabulary numbers many texts as Keras' ragged layer does, without ragged tensors."""

import numpy as np
from keras.layers import TextVectorization

from utils.text import Vocabulary


def test_many_texts_get_the_numbers_of_the_ragged_layer():
    rng = np.random.default_rng(0)
    known = [f"w{number}" for number in range(40)]
    texts = [" ".join(rng.choice(known, rng.integers(0, 9))) for _ in range(600)]
    texts[0], texts[300], texts[599] = "", "w1 " * 200, "never seen"
    vocabulary = Vocabulary.fit(texts[1:400], max_tokens=30)
    layer = TextVectorization(standardize=None, split="whitespace", ragged=True,
                              vocabulary=vocabulary.tokens[2:])
    numbers = vocabulary.numbers(texts)
    assert not vocabulary.layer._ragged and {row.dtype for row in numbers} == {np.dtype("int32")}
    assert [row.tolist() for row in numbers] == layer(texts).to_list()
