import numpy as np

from search.analysis.ranges import spread


def test_spread_lists_the_numbers_of_ranges() -> None:
    ranges, numbers = spread(np.array([3, 8, 9]), np.array([5, 9, 9]))
    assert ranges.tolist() == [0, 0, 1]
    assert numbers.tolist() == [3, 4, 8]
