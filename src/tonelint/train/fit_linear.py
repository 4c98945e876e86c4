"""Fit the linear tagger: logistic regression on hashed features, calibrated on the validation part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tonelint import features
from tonelint.linear import OUTPUTS
from tonelint.train.data import Labelled
from tonelint.types import CATEGORIES, STANCES

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Weights ``(features.SIZE, len(OUTPUTS))`` with the calibration of each output's logit."""

    weights: Floats
    scale: Floats
    shift: Floats


def matrix(items: Sequence[Labelled]) -> csr_matrix:
    """Feature matrix, shape ``(len(items), features.SIZE)``, rows scaled by 1/√(number of features)."""
    indices, values, pointers = [], [], [0]
    for item in items:
        ids, _, _ = features.features(item.item)
        indices.append(ids)
        values.append(np.full(len(ids), 1.0 / np.sqrt(len(ids))))
        pointers.append(pointers[-1] + len(ids))
    return csr_matrix((np.concatenate(values), np.concatenate(indices), pointers), shape=(len(items), features.SIZE))


def targets(items: Sequence[Labelled]) -> npt.NDArray[np.int8]:
    """Gold outputs, shape ``(len(items), len(OUTPUTS))``, 0 or 1."""
    rows = np.zeros((len(items), len(OUTPUTS)), dtype=np.int8)
    for row, item in zip(rows, items, strict=True):
        row[STANCES.index(item.stance)] = 1
        for category in item.findings:
            row[len(STANCES) + CATEGORIES.index(category)] = 1
        row[-1] = item.keeper
    return rows


def fit(train: Sequence[Labelled], validation: Sequence[Labelled], *, strength: float, seed: int) -> Fitted:
    """Fit on ``train`` and calibrate on ``validation``. ``strength`` is scikit-learn's C."""
    inputs, gold = matrix(train), targets(train)
    weights = np.zeros((features.SIZE, len(OUTPUTS)))
    stance = LogisticRegression(C=strength, max_iter=300, random_state=seed, fit_intercept=False)
    stance.fit(inputs, gold[:, :3].argmax(axis=1))
    weights[:, :3] = stance.coef_.T
    for column in range(3, len(OUTPUTS)):
        if gold[:, column].sum() < 2:
            weights[features.features(train[0].item)[0][0], column] = -10.0  # the bias alone: never seen, so never said
            continue
        model = LogisticRegression(C=strength, max_iter=300, random_state=seed, fit_intercept=False)
        model.fit(inputs, gold[:, column])
        weights[:, column] = model.coef_[0]
    logits = np.asarray(matrix(validation) @ weights)
    scale, shift = calibrate(logits, targets(validation))
    return Fitted(weights, scale, shift)


def calibrate(logits: Floats, gold: npt.NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Temperature for the stance (Guo et al. 2017), Platt scaling for each other output, on held-out logits."""
    scale, shift = np.ones(len(OUTPUTS)), np.zeros(len(OUTPUTS))
    losses = []
    grid = np.geomspace(0.2, 5.0, 60)
    for factor in grid:
        scaled = logits[:, :3] * factor
        scaled -= scaled.max(axis=1, keepdims=True)
        log_p = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        losses.append(-(log_p * gold[:, :3]).sum(axis=1).mean())
    scale[:3] = grid[int(np.argmin(losses))]
    for column in range(3, len(OUTPUTS)):
        if gold[:, column].sum() < 3:
            continue
        platt = LogisticRegression(C=1.0, max_iter=300).fit(logits[:, [column]], gold[:, column])
        if platt.coef_[0, 0] > 0:
            scale[column], shift[column] = platt.coef_[0, 0], platt.intercept_[0]
    return scale, shift
