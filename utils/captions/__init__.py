"""Image captions: files in Flickr8k's format, their words, and the vocabulary of them."""

from .files import (
    SPLITS,
    TOKENS,
    CaptionSet,
    check_disjoint,
    read_caption_set,
    read_split,
    read_tokens,
    without_image,
)
from .words import END, START, caption_vocabulary, clean_caption, frame

__all__ = ["END", "SPLITS", "START", "TOKENS", "CaptionSet", "caption_vocabulary",
           "check_disjoint", "clean_caption", "frame", "read_caption_set", "read_split",
           "read_tokens", "without_image"]
