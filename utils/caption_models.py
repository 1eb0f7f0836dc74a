"""Caption models of every kind, with their weights made, and at equal size."""

from .captioner import ATTENDING, KINDS, Captioner
from .training import keras, set_seed

__all__ = ["ATTENDING", "KINDS", "Captioner", "build_captioner", "equal_units"]

ops = keras.ops


def build_captioner(kind, vocabulary_size, image_shape, units=256, embedding=256, attention=128,
                    dropout=0.3, doubly=0.0, masked=False, encoder=None, seed=0):
    """Return a `Captioner` with its first weights made.

    Args:
        kind: one of `KINDS`.
        vocabulary_size: tokens, padding and all signs included.
        image_shape: of one image as the model gets it: (features,), (regions, features) or
            (height, width, features); of the raw image with an `encoder`. A kind that does not
            attend takes the mean over regions.
        units: of an LSTM's state.
        embedding: units of a word's vector, and of what is kept of an image or region.
        attention: units of the attention's hidden layer.
        dropout: share of word vectors, image features and outputs dropped in training.
        doubly: weight of the doubly stochastic regulariser in the training loss.
        masked: True where regions of zeros alone are padding, to look at none of them.
        encoder: Keras model or layer from raw images to features, trained along; or None.
        seed: of the first weights and of dropout.

    Raises:
        ValueError: for an unknown kind, or images without regions for a kind that attends.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    if kind in ATTENDING and len(image_shape) < 2:
        raise ValueError(f"{kind} looks at regions: image_shape must be (regions, features) or "
                         f"(height, width, features), got {tuple(image_shape)}.")
    set_seed(seed, deterministic=False)
    model = Captioner(kind, vocabulary_size, units, embedding, attention, dropout, doubly,
                      masked, encoder)
    memory, states = model.begin(ops.zeros((1, *image_shape)))
    model.step(ops.ones((1,), "int32"), states, memory)     # every layer has its weights now
    model.built = True
    return model


def equal_units(kind, parameters, vocabulary_size, image_shape, **options):
    """Return the units with which a model has about so many weights, so that kinds compare.

    Args:
        kind, vocabulary_size, image_shape, options: as in `build_captioner`, but no units.
        parameters: how many weights it should have.

    Raises:
        ValueError: if even one unit is too many.
    """
    def count(units):
        return build_captioner(kind, vocabulary_size, image_shape, units, **options).count_params()

    one, two, three = map(count, (1, 2, 3))                 # a parabola in units
    square = (three - 2 * two + one) / 2
    linear = two - one - 3 * square
    rest = one - square - linear - parameters
    if rest + square + linear > 0:
        raise ValueError(f"{kind} has {one:,} weights with a single unit, more than {parameters:,}"
                         ": allow more, or take a smaller embedding.")
    if not square:
        return round(-rest / linear)
    return round((-linear + (linear**2 - 4 * square * rest) ** 0.5) / (2 * square))
