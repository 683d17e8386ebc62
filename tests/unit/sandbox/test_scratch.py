"""The folder that a student wrote to: measured and removed, whatever is in it."""

import os

import pytest

from nbjudge.sandbox.scratch import MOST_ENTRIES, is_overfull, remove_tree


@pytest.fixture
def proc():
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("this system has no /proc")
    descriptor = os.open("/proc", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def overfull(folder, proc, most_bytes=1 << 20):
    return is_overfull(
        str(folder), most_bytes=most_bytes, open_files=f"{os.getpid()}/fd", proc=proc
    )


def test_a_few_files_are_fine(folder, proc):
    (folder / "a").write_bytes(os.urandom(1 << 16))
    assert not overfull(folder, proc)


def test_bytes_count_in_every_subfolder(folder, proc):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "c").write_bytes(os.urandom(4 << 20))
    assert overfull(folder, proc)


def test_a_file_that_was_deleted_and_is_still_open_counts(folder, proc):
    with (folder / "x").open("wb") as stream:
        stream.write(os.urandom(4 << 20))
        stream.flush()
        (folder / "x").unlink()
        assert overfull(folder, proc)


def test_empty_files_and_links_count(folder, proc):
    for number in range(MOST_ENTRIES + 1):
        (folder / str(number)).symlink_to("nowhere")
    assert overfull(folder, proc)


def test_folders_deeper_than_the_stack_are_removed(folder):
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(1100):
            os.mkdir("d")
            os.chdir("d")
        os.mkdir("shut", 0)
    finally:
        os.chdir(here)
    remove_tree(str(folder))
    assert not folder.exists()


def test_what_a_link_leads_to_stays(folder, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("x")
    (folder / "to_folder").symlink_to(kept)
    (folder / "to_file").symlink_to(kept / "file")
    (folder / "inner").mkdir()
    (folder / "inner" / "to_folder").symlink_to(kept)
    remove_tree(str(folder))
    assert not folder.exists()
    assert (kept / "file").read_text() == "x"


def test_a_folder_that_is_a_link_is_left_alone(folder, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(folder)
    (folder / "file").write_text("x")
    remove_tree(str(link))
    assert (folder / "file").exists()
