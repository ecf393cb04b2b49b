"""Keeping secrets out of everything that is stored, logged or shown.

`mask` lays the masks that need no context, `mask_expected` those for the answer to a question that asked
for a secret, and `Sealed` carries the raw text past everything to the one action that declares it.
"""

from throughline.privacy.masking import KINDS, LABELS, Masked, mask, mask_expected
from throughline.privacy.sealed import Sealed

__all__ = ["KINDS", "LABELS", "Masked", "Sealed", "mask", "mask_expected"]
