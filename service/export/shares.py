"""Parts of a hundred that are exactly a hundred (tỷ lệ phần trăm).

shares({"dệt may": 1, "cơ khí": 2})     # {"dệt may": "33.33", "cơ khí": "66.67"}
"""

from collections.abc import Mapping
from typing import Final, TypeVar

K = TypeVar("K")
PARTS: Final = 10_000
"""Hundredths of a hundredth: two places after the point."""


def shares(weights: Mapping[K, int]) -> Mapping[K, str]:
    """Largest remainders (Hamilton): no part is off by a whole hundredth, and none is left over.

    A part that rounds to nothing is left out. Weights are not negative, and not all zero.
    """
    whole = sum(weights.values())
    parts = {key: divmod(weight * PARTS, whole) for key, weight in weights.items()}
    left = PARTS - sum(part for part, _ in parts.values())
    most = sorted(parts, key=lambda key: parts[key][1], reverse=True)[:left]
    exact = {key: part + (key in most) for key, (part, _) in parts.items()}
    return {key: f"{part // 100}.{part % 100:02}" for key, part in exact.items() if part}
