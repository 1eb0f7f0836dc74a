"""Networks that say what is in an image: models, training, decoders, baselines, caption files."""

from .baselines import MostFrequentCaption, NearestNeighbourCaption
from .caption_files import (
    SPLITS,
    TOKENS,
    CaptionSet,
    check_disjoint,
    read_caption_set,
    read_split,
    read_tokens,
    without_image,
)
from .decoding import Decoder, teacher_forcing
from .flickr8k import ImageArchive, load_flickr8k, read_flickr8k, read_image
from .hard_attention import climb, drawn_gradients, exact_gradient
from .layers import AdditiveAttention, LSTMStep, doubly_stochastic
from .model import ATTENDING, KINDS, Captioner, build_captioner, equal_units
from .photographs import FEATURE_NETWORKS, feature_network, image_features, pooled_features
from .training import TokenCrossEntropy, train_captioner

__all__ = [
    "ATTENDING", "FEATURE_NETWORKS", "KINDS", "SPLITS", "TOKENS", "AdditiveAttention",
    "CaptionSet", "Captioner", "Decoder", "ImageArchive", "LSTMStep", "MostFrequentCaption",
    "NearestNeighbourCaption", "TokenCrossEntropy", "build_captioner", "check_disjoint", "climb",
    "doubly_stochastic", "drawn_gradients", "equal_units", "exact_gradient", "feature_network",
    "image_features", "load_flickr8k", "pooled_features", "read_caption_set", "read_flickr8k",
    "read_image", "read_split", "read_tokens", "teacher_forcing", "train_captioner",
    "without_image",
]
