"""The signer's folder: one signer, and keys that nobody else may read."""

from pathlib import Path

import pytest

from events.seal.files import FolderBusyError
from events.seal.memory import Memory, NoKeyError


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "seal")
    memory.begin("ledger.example/socai")
    return memory


def test_a_folder_has_one_signer(memory: Memory) -> None:
    with memory.held(), pytest.raises(FolderBusyError), memory.held():
        pass


def test_a_key_that_others_may_read_signs_nothing(memory: Memory) -> None:
    (path,) = (memory.folder / "keys").iterdir()
    path.chmod(0o644)
    with pytest.raises(NoKeyError, match="others may read"):
        memory.signing_keys()
    path.unlink()
    with pytest.raises(NoKeyError, match="no key"):
        memory.signing_keys()
