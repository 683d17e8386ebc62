"""What a student's call did to lists and dicts reaches the suite's own."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nbjudge.suite.write_back import write_back


def test_an_array_in_a_list_stays_the_same_object_while_it_is_the_same_memory():
    array = np.arange(6.0).reshape(2, 3)
    items = [array]
    write_back(items, [array[:]])
    assert items[0] is array


def test_a_view_with_other_strides_on_the_same_memory_takes_its_place():
    array = np.arange(9.0).reshape(3, 3)
    items = [array]
    write_back(items, [array.T])
    assert np.array_equal(items[0], array.T)


def test_strides_chosen_by_a_student_cost_no_search():
    array = np.zeros((60,) * 3, np.uint8)
    chosen = as_strided(array.reshape(-1)[1:], (60,) * 3, (1777, 1153, 601))
    items = [array]
    write_back(items, [chosen])
    assert items[0] is chosen
