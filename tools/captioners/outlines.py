"""What the outline of a thing is called: `circle`, `oval`, `square`, `rectangle`, `diamond`, `triangle`, `star`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ENLARGED = 96
"""Pixels to which a small thing is enlarged before its outline is measured."""


def shape_of(share: NDArray[np.float32]) -> str:
    """Return what an outline is called, empty for none of these.

    `share` (H, W): how far each pixel is the thing (1) or what is around it (0).
    """
    import cv2

    scale = max(1.0, _ENLARGED / max(share.shape))
    size = (round(share.shape[1] * scale), round(share.shape[0] * scale))
    larger: Any = cv2.resize(share, size, interpolation=cv2.INTER_CUBIC)
    contours, _ = cv2.findContours((larger > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return ""
    outline = max(contours, key=cv2.contourArea)
    area = cv2.contourArea(outline)
    holes = area - float((larger > 0.5).sum())
    if area < 60 or holes > 0.15 * area:
        return ""
    _, _, wide, high = cv2.boundingRect(outline)
    solid = area / max(1.0, cv2.contourArea(cv2.convexHull(outline)))
    (_, (one, other), _) = cv2.minAreaRect(outline)
    filled, upright = area / max(1.0, one * other), area / (wide * high)
    even = min(one, other) / max(one, other, 1.0)
    corners = len(cv2.approxPolyDP(outline, 0.03 * cv2.arcLength(outline, True), True))
    if solid < 0.7:
        return "star" if solid > 0.38 and even > 0.8 and 9 <= corners <= 11 else ""
    if solid < 0.84:
        return ""
    if corners == 3 or (filled < 0.62 and _lopsided(outline)):
        return "triangle"
    if corners <= 5 and upright < 0.62 and not _lopsided(outline):
        return "diamond"
    if filled > 0.87:
        return "square" if even > 0.85 else "rectangle"
    return ("circle" if even > 0.85 else "oval") if 0.9 < area / (math.pi * one * other / 4) < 1.1 else ""


def _lopsided(outline: Any) -> bool:
    """Tell whether a shape is heavier at one end, as a triangle is and a diamond is not."""
    import cv2

    left, top, wide, high = cv2.boundingRect(outline)
    moments = cv2.moments(outline)
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    return bool(max(abs((x - left) / wide - 0.5), abs((y - top) / high - 0.5)) > 0.1)
