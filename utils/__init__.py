"""What every notebook of the course imports; see README.md for the map of its modules."""

import os

# TensorFlow reads these when it is first imported; utils.training silences what is left.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
