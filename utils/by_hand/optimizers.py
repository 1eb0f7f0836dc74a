r"""Gradient-descent rules in NumPy, equal to the optimisers of Keras of the same name.

Each rule is made with its settings and then called with a dictionary of weights and one of
their gradients, which it moves in place; what it remembers between steps is its own.

    SGD        w <- w - rate * g
    momentum   v <- m v - rate * g;   w <- w + v
    RMSprop    s <- rho s + (1 - rho) g^2;   w <- w - rate * g / sqrt(s + eps)
    Adam       m, s: running means of g and g^2, corrected for their start at zero;
               w <- w - rate * m / (sqrt(s) + eps)

Sources: Sutskever et al., On the importance of initialization and momentum in deep learning
(2013); Tieleman & Hinton, Lecture 6.5, RMSProp (2012); Kingma & Ba, Adam (2015).
"""

import numpy as np

__all__ = ["SGD", "Adam", "RMSprop"]


class _Rule:
    """Checks the settings; keeps arrays of zeros, one per weight, until the first step."""

    def __init__(self, rate):
        if not rate > 0:
            raise ValueError(f"rate must be positive, got {rate}.")
        self.rate = rate
        self.memory = {}

    def __call__(self, weights, gradients):
        """Move every array of `weights` in place by one step.

        Args:
            weights: {name: float array}.
            gradients: {name: array of the same shape}; other names are ignored.

        Raises:
            ValueError: if the gradient of a weight is missing.
        """
        missing = sorted(set(weights) - set(gradients))
        if missing:
            raise ValueError(f"gradients lack {', '.join(missing)}.")
        for name, weight in weights.items():
            memory = self.memory.setdefault(name, {})
            weight += self._change(np.asarray(gradients[name]), memory)


class SGD(_Rule):
    """Stochastic gradient descent, with momentum if you like.

    Args:
        rate: learning rate, > 0.
        momentum: share of the last change that is kept, in [0, 1).

    >>> weights = {"w": np.array([1.0])}
    >>> SGD(0.1)(weights, {"w": np.array([5.0])})
    >>> weights["w"]
    array([0.5])
    """

    def __init__(self, rate=0.01, momentum=0.0):
        super().__init__(rate)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {momentum}.")
        self.momentum = momentum

    def _change(self, g, memory):
        memory["v"] = self.momentum * memory.get("v", 0) - self.rate * g
        return memory["v"]


class RMSprop(_Rule):
    """Divide each entry's gradient by a running root mean square of it.

    Args:
        rate: learning rate, > 0.
        rho: share of the running mean that is kept.
        eps: keeps the division finite.
    """

    def __init__(self, rate=0.001, rho=0.9, eps=1e-7):
        super().__init__(rate)
        self.rho, self.eps = rho, eps

    def _change(self, g, memory):
        memory["s"] = self.rho * memory.get("s", 0) + (1 - self.rho) * g**2
        return -self.rate * g / np.sqrt(memory["s"] + self.eps)


class Adam(_Rule):
    """Running means of the gradient and of its square, both corrected for their start at 0.

    Args:
        rate: learning rate, > 0.
        beta_1, beta_2: shares of the running means that are kept.
        eps: keeps the division finite.
    """

    def __init__(self, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
        super().__init__(rate)
        self.beta_1, self.beta_2, self.eps = beta_1, beta_2, eps

    def _change(self, g, memory):
        memory["t"] = t = memory.get("t", 0) + 1
        memory["m"] = self.beta_1 * memory.get("m", 0) + (1 - self.beta_1) * g
        memory["s"] = self.beta_2 * memory.get("s", 0) + (1 - self.beta_2) * g**2
        # Keras corrects the rate, not the means: eps is added before the correction
        rate = self.rate * np.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        return -rate * memory["m"] / (np.sqrt(memory["s"]) + self.eps)
