"""United States social security numbers in a stream of digits: 3-2-4, or nine digits where the sentence
names one.

The number's own rules (no area 000, 666 or 9xx) are left out on purpose: a taxpayer's number looks the
same and is as private, and a mistyped one gives most of the right one away.
"""

import re
from typing import Final

from throughline.privacy.digits import Stream
from throughline.privacy.pans import Extent, Naming, is_ordinary

_SHAPE: Final = re.compile(r"(?<!\d)\d{3}([-. /,t*])\d{2}([-. /,t*])\d{4}(?!\d)")
# A date, a phone and an amount fit in this; to read on for each number would be quadratic.
_NEAR: Final = 48


def find_ssns(stream: Stream, naming: Naming, plus: bool) -> list[Extent]:
    """Where in a stream social security numbers stand; `plus` says that a plus sign opens it, as in a
    phone number.
    """
    if stream.size < 9:
        return []
    skeleton = stream.skeleton
    found: list[Extent] = []
    if naming == "ssn":
        if stream.size == 9:
            return [Extent(0, len(skeleton))]
        start = 0
        for part in skeleton.split(","):
            if sum(map(str.isdigit, part)) == 9:
                found.append(Extent(start, start + len(part)))
            start += len(part) + 1
    if plus:
        return found
    for shape in _SHAPE.finditer(skeleton):
        inside = {shape[1], shape[2]}
        first = shape.start()
        if inside & {",", "t"} and stream.ends[first] - stream.starts[first] == 1:
            # Commas group what is said; what is typed is a list: "100, 25, 5000".
            continue
        before, after = skeleton[: shape.start()], skeleton[shape.end() :]
        # The same sign outside as inside: it is a part of something longer, unless that is a date, a
        # phone or the like.
        if before and before[-1] in inside and not (len(before) <= _NEAR and is_ordinary(before[:-1])):
            continue
        if after and after[0] in inside and not (len(after) <= _NEAR and is_ordinary(after[1:])):
            continue
        found.append(Extent(*shape.span()))
    return found
