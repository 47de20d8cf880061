"""What is in a bundle, who accepts it, and of what no bundle is made."""

import ast
import sys
from pathlib import Path

import asyncpg
import pytest

from events.appender import Appender
from events.log import Log
from events.seal.kept import Seal
from events.seal.memory import Memory
from events.seal.note import COSIGNATURE, SigningKey, signed
from events.seal.signer import Signer
from events.seal.tiles import entries_of, path, tiles
from service.database import recording
from service.sealing.keys import begun, retired, rotated
from service.takeaway.making import (
    VERIFIER,
    FolderNotEmptyError,
    NotWhatWasSignedError,
)
from service.takeaway.snapshot import NotSealedError
from tests.entries import fill_many
from tests.house.test_sizes import FILE_LINES_MAX
from tests.service.takeaway.breaking import bodies, laid
from tests.service.takeaway.conftest import COSIGN, ORIGIN, SIZES, Sealed, bundled, cosigned
from tests.service.takeaway.verifiers import Trusted, Verifiers, by_file

ALL = ("go", "sigstore", "openssl", "file", "bare")
OLDEST = (3, 8)
"""The oldest Python that the verifier runs on."""


async def every_body(url: str) -> list[bytes]:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        return [body for _, body in await Log(pool).raw(0, 10_000)]


async def every_tile(url: str, size: int) -> dict[str, bytes | None]:
    """As the database has them, by their paths."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        seal = Seal(Log(pool))
        return {path(each): await seal.tile(each) for each in tiles(size)}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, by its path."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


@pytest.mark.parametrize("who", ALL)
def test_everybody_accepts_it(who: str, made: Path, verifiers: Verifiers, trusted: Trusted) -> None:
    verdict = verifiers.asked(who, made, trusted)
    assert verdict.accepts, verdict.said
    assert "erified" in verdict.said or "VERIFIED" in verdict.said
    assert who == "openssl" or "600" in verdict.said


async def test_it_holds_every_byte_and_every_tile_in_the_layout_of_others(
    made: Path, sealed: Sealed
) -> None:
    found = contents(made)
    entries = [found[name] for name in sorted(found) if name.startswith("tile/entries/")]
    told = [body for each in entries for body in entries_of(each)]
    assert told == await every_body(sealed.url)
    hashes = {name: told for name, told in found.items() if name.startswith("tile/")}
    wanted = await every_tile(sealed.url, SIZES[-1])
    assert {name: told for name, told in hashes.items() if "/entries/" not in name} == wanted
    assert set(found) - set(hashes) == {
        "README.md", "checkpoint", "checkpoint.body", "checkpoint.sig", "checkpoints",
        "cosignatures", "key.pem", "verify.py", "vkey",
    }  # fmt: skip
    sizes = [int(line) for line in found["checkpoints"].decode().split("\n") if line.isdigit()]
    assert tuple(sizes) == SIZES[:-1]


async def test_two_of_one_checkpoint_are_equal_byte_by_byte(
    made: Path, sealed: Sealed, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    await bundled(sealed.url, tmp_path / "empty")
    assert contents(tmp_path / "empty") == contents(made)


async def test_an_earlier_one_is_under_the_checkpoint_that_covers_the_position(
    sealed: Sealed, tmp_path: Path, trusted: Trusted, verifiers: Verifiers
) -> None:
    folder = tmp_path / "then"
    await bundled(sealed.url, folder, at=301)
    alone = Trusted(vkey=trusted.vkey, pem=trusted.pem)
    verdicts = [verifiers.asked(each, folder, alone) for each in ALL]
    assert all(each.accepts for each in verdicts), verdicts
    assert "520 events" in verdicts[3].said
    with pytest.raises(NotSealedError, match="only 600 events are signed yet, not 601"):
        await bundled(sealed.url, tmp_path / "ahead", at=601)
    assert {each.partition("/")[0] for each in contents(tmp_path)} == {"then"}


async def test_nothing_is_written_over(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    for there in (tmp_path / "mine", tmp_path / "mine" / "thesis.txt"):
        with pytest.raises(FolderNotEmptyError):
            await bundled(sealed.url, there)
    assert list(contents(tmp_path)) == ["mine/thesis.txt"]


async def test_of_a_log_that_is_not_what_was_signed_there_is_none(
    tmp_path: Path, database_url: str, signer_url: str, superuser_url: str
) -> None:
    with pytest.raises(NotSealedError, match="nothing is signed yet"):
        await bundled(database_url, tmp_path / "bundle")
    memory = Memory(tmp_path / "seal")
    signer, root = await asyncpg.connect(signer_url), await asyncpg.connect(superuser_url)
    async with recording(database_url) as ledger, Appender(database_url) as appender:
        await begun(ledger, memory, ORIGIN)
        await fill_many(appender, 4)
        await Signer(signer, memory).look()
    await root.execute("SET session_replication_role = replica; SET event_triggers = off")
    await root.execute("ALTER TABLE ledger.event DISABLE TRIGGER ALL")
    body = await root.fetchval("SELECT body FROM ledger.event WHERE position = 3")
    forged = body.replace(b'"role":"OFFICER"', b'"role":"OFFICEr"')
    await root.execute("UPDATE ledger.event SET body = $1 WHERE position = 3", forged)
    with pytest.raises(NotWhatWasSignedError, match="the first 5 events are not those"):
        await bundled(database_url, tmp_path / "bundle")
    await root.execute("DELETE FROM ledger.event WHERE position = 5")
    with pytest.raises(NotWhatWasSignedError, match="the log ends at 4; 5 were signed"):
        await bundled(database_url, tmp_path / "bundle")
    await signer.close()
    await root.close()
    assert {each.partition("/")[0] for each in contents(tmp_path)} == {"seal"}


async def test_whoever_trusts_an_old_key_learns_of_the_new_ones(
    tmp_path: Path, database_url: str, signer_url: str
) -> None:
    memory, bundle = Memory(tmp_path / "seal"), tmp_path / "bundle"
    connection, witness = await asyncpg.connect(signer_url), SigningKey.generate("nc", COSIGNATURE)
    async with recording(database_url) as ledger:
        old = await begun(ledger, memory, ORIGIN)
        signer = Signer(connection, memory)
        await signer.look()
        new = await rotated(ledger, memory, "one a year")
        (both,) = await signer.look()
        await connection.execute(COSIGN, 2, "nc", cosigned(witness, both))
        await retired(ledger, memory, old.id.hex(), "one a year")
        await signer.look()
    await connection.close()
    await bundled(database_url, bundle)
    assert (bundle / "vkey").read_text() == f"{old}\n{new}\n"
    assert (bundle / "checkpoints").read_text().count("— nc ") == 1
    for key, accepts in ((old, True), (new, True), (SigningKey.generate(ORIGIN).verifier, False)):
        verdict = by_file(bundle, Trusted(vkey=str(key), pem=bundle / "key.pem"))
        assert verdict.accepts is accepts, verdict.said
    await bundled(database_url, tmp_path / "before", at=1)
    assert (tmp_path / "before" / "vkey").read_text() == f"{old}\n", "the new one came later"
    assert by_file(tmp_path / "before").accepts
    insisting = Trusted(vkey=str(old), pem=bundle / "key.pem", witness=str(witness.verifier))
    assert "did not sign it" in by_file(bundle, insisting).said, "it signed an earlier one"


async def test_a_key_signs_nothing_that_tells_of_its_retirement(
    tmp_path: Path, database_url: str, signer_url: str
) -> None:
    memory, bundle = Memory(tmp_path / "seal"), tmp_path / "bundle"
    connection = await asyncpg.connect(signer_url)
    async with recording(database_url) as ledger:
        old = await begun(ledger, memory, ORIGIN)
        (stolen,) = memory.signing_keys()
        new = await rotated(ledger, memory, "one a year")
        await Signer(connection, memory).look()
        await retired(ledger, memory, old.id.hex(), "it was stolen")
        await Signer(connection, memory).look()
    await connection.close()
    await bundled(database_url, bundle)
    assert by_file(bundle, Trusted(vkey=str(new), pem=bundle / "key.pem")).accepts
    text = (bundle / "checkpoint.body").read_text(encoding="utf-8")
    (bundle / "checkpoint").write_text(signed(text, [stolen]), encoding="utf-8")
    for key in (old, new):
        verdict = by_file(bundle, Trusted(vkey=str(key), pem=bundle / "key.pem"))
        assert not verdict.accepts
        assert "or only a retired one" in verdict.said


@pytest.mark.parametrize(
    "odd", [b'["SigningKey"]', b"[" * 60_000 + b'"SigningKey', b'{"type":"SigningKeyRetired"}']
)
def test_an_entry_that_is_no_event_is_answered_in_a_sentence(odd: bytes, bundle: Path) -> None:
    told = bodies(bundle)
    told[0] = odd
    list(laid(bundle, told))
    verdict = by_file(bundle)
    assert verdict.code == 1
    assert verdict.said.startswith("NOT VERIFIED")


def test_the_verifier_stands_alone_and_is_short() -> None:
    text = VERIFIER.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=OLDEST)
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert len(text.splitlines()) <= FILE_LINES_MAX


def test_what_cannot_be_told_is_not_called_wrong(
    bundle: Path, trusted: Trusted, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert by_file(bundle, Trusted(vkey="nowhere", pem=trusted.pem)).code == 2
    monkeypatch.setenv("PATH", str(tmp_path))
    verdict = by_file(bundle, trusted, bare=True)
    assert verdict.code == 2
    assert "neither the package cryptography nor the program openssl" in verdict.said
