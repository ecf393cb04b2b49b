"""Multinomial logistic regression over a kernel matrix, in numpy.

scikit-learn would do, but its import alone takes longer than this whole training, and `make run` has six
seconds. The weights live in the span of the training rows, so one n-by-n product per step is all it costs.
"""

from __future__ import annotations

import numpy as np

from rehearsal.recogniser.embeddings import Matrix

MEMORY = 8
STEPS = 60


def fit(kernel: Matrix, labels: Matrix, importance: Matrix, inverse_penalty: float = 20.0) -> Matrix:
    """Coefficients of the training rows, shape (rows, classes), for 0/1 `labels` of that shape.

    Minimises cross-entropy + |w|² / (2 · inverse_penalty) by L-BFGS; deterministic. `importance`, of shape
    (rows,), says how much each row counts. Inner products are those of the weights themselves, taken through
    the kernel, so no weight vector is ever formed.
    """
    penalty = np.float32(1.0 / inverse_penalty)
    point = np.zeros_like(labels)
    product = np.zeros_like(labels)  # kernel @ point
    loss, gradient = _loss(point, product, labels, importance, penalty)
    gradient_product = kernel @ gradient
    start = _inner(gradient, gradient_product)
    history: list[tuple[Matrix, Matrix, Matrix, Matrix, float]] = []
    for _ in range(STEPS):
        direction, direction_product = _direction(gradient, gradient_product, history)
        slope = _inner(direction, gradient_product)
        step = np.float32(1.0 if history else 1.0 / max(float(np.sqrt(start)), 1e-6))
        for _halving in range(20):
            moved, moved_product = point + step * direction, product + step * direction_product
            new_loss, new_gradient = _loss(moved, moved_product, labels, importance, penalty)
            if new_loss <= loss + 1e-4 * float(step) * slope:
                break
            step = step / np.float32(2)
        else:
            break
        new_gradient_product = kernel @ new_gradient
        turn = new_gradient - gradient
        turn_product = new_gradient_product - gradient_product
        shift, shift_product = step * direction, step * direction_product
        curvature = _inner(shift, turn_product)
        if curvature > 1e-10:
            history = [*history[-MEMORY + 1 :], (shift, shift_product, turn, turn_product, curvature)]
        point, product, loss = moved, moved_product, new_loss
        gradient, gradient_product = new_gradient, new_gradient_product
        if _inner(gradient, gradient_product) < 1e-5 * start:
            break
    return point


def softmax(scores: Matrix) -> Matrix:
    """Probabilities along the last axis."""
    exponent = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exponent / exponent.sum(axis=-1, keepdims=True), dtype=np.float32)


def _loss(
    point: Matrix, product: Matrix, labels: Matrix, importance: Matrix, penalty: np.float32
) -> tuple[float, Matrix]:
    chances = softmax(product)
    right = np.log(np.maximum((chances * labels).sum(axis=1), 1e-30))
    loss = 0.5 * float(penalty) * _inner(point, product) - float(np.dot(importance, right))
    return loss, importance[:, None] * (chances - labels) + penalty * point


def _direction(
    gradient: Matrix, gradient_product: Matrix, history: list[tuple[Matrix, Matrix, Matrix, Matrix, float]]
) -> tuple[Matrix, Matrix]:
    """The two-loop recursion, carried through on the vectors and on their kernel products alike."""
    ahead, ahead_product = -gradient, -gradient_product
    shares: list[float] = []
    for shift, _, turn, turn_product, curvature in reversed(history):
        share = _inner(shift, ahead_product) / curvature
        shares.append(share)
        ahead, ahead_product = (
            ahead - np.float32(share) * turn,
            ahead_product - np.float32(share) * turn_product,
        )
    if history:
        _, _, turn, turn_product, curvature = history[-1]
        scale = np.float32(curvature / max(_inner(turn, turn_product), 1e-12))
        ahead, ahead_product = ahead * scale, ahead_product * scale
    for (shift, shift_product, _, turn_product, curvature), share in zip(history, reversed(shares), strict=True):
        back = np.float32(share - _inner(ahead, turn_product) / curvature)
        ahead, ahead_product = ahead + back * shift, ahead_product + back * shift_product
    return ahead, ahead_product


def _inner(one: Matrix, other_product: Matrix) -> float:
    return float(np.vdot(one, other_product))
