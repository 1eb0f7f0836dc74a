"""Start values of kernels, as Keras draws them."""

import numpy as np

__all__ = ["glorot_uniform", "orthogonal"]


def glorot_uniform(rng, rows, columns):
    """Return (rows, columns), uniform within sqrt(6 / (rows + columns)) of 0.

    Source: Glorot & Bengio, Understanding the difficulty of training deep feedforward neural
    networks (2010).
    """
    reach = np.sqrt(6 / (rows + columns))
    return rng.uniform(-reach, reach, (rows, columns))


def orthogonal(rng, rows, columns):
    """Return (rows, columns), rows <= columns, with orthonormal rows.

    They are the QR factor of a tall random matrix, its signs made unique.
    """
    q, r = np.linalg.qr(rng.normal(size=(columns, rows)))
    return (q * np.sign(np.diag(r))).T
