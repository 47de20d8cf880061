"""What the public may not read is in no file, unless everything is asked for in so many words."""

from collections.abc import Iterator
from datetime import date

import pytest

from projections.catalogue import PROJECTIONS
from projections.columns import columns_of
from projections.contact import contact
from projections.equipment import equipment
from projections.facility import facility
from projections.scheme import scheme
from schema.access.policy import rules
from schema.access.principal import PUBLIC
from service.cli.exits import Exit, Stop
from service.cli.export import _chosen, _wanted
from service.export.formats import OF_ONE_TABLE, OF_THE_FUND
from service.export.fund import opened
from service.export.headings import TABLES, heading
from service.export.view import EVERYTHING, FIELDS, PUBLISHED, TYPES
from tests.export.files import exported, wanted, words
from tests.export.planted import (
    ADDRESS,
    CANARIES,
    FORMULA,
    IMPRINT,
    PRINCIPAL,
    REMARKS,
    TAX_CODE,
    UNAPPROVED,
    UNCHOSEN,
    VOUCHER,
    planted,
)
from tests.export.test_numbers import MOMENTS
from tests.histories import History
from tests.schema.conftest import asker
from tests.schema.doors import Open
from tests.schema.doors import opened as served

SEEN = """query ($at: Position!, $on: Date) { asOf(position: $at, effectiveOn: $on) {
    facilities(first: 100) { nodes { code equipment { position } } }
    schemes(first: 100) { nodes { code } } } }"""
HEAD = len(tuple(planted()))
OPEN = [name for name, each in OF_THE_FUND.items() if not each.is_whole]
PLACES = {
    "facility": {TAX_CODE, UNCHOSEN, ADDRESS},
    "contact": {IMPRINT},
    "scheme": {UNAPPROVED},
    "decision": {REMARKS},
    "payment": {VOUCHER},
    "mandate": {PRINCIPAL},
}
WITHHELD = {
    "organisation": "name_sort name_fold",
    "plan": "change",
    "facility": "name_sort name_fold tax_code published",
    "scheme": "title_sort title_fold",
    "beneficiary": "name_sort",
    "payment": "voucher",
    "criterion": "evaluated_on",
    "contact": "facility_id person_id position name_imprint phone_imprint email_imprint status"
    " recorded_on erased_on synthetic",
    "step": "scheme_id step_id step_version command status takes_effect_on position proposed_at"
    " proposed_by decided_position decided_at decided_by reason synthetic",
    "sectorcode": "version code sector_group synthetic",
    "subject": "stream published province_code province_from centre synthetic",
    "mandate": "principal mandate_id role organisation province_code province_from centre"
    " last_day status reason synthetic",
}
"""Every column that is not published: a new one is withheld, and this test asks for a decision."""


def seen(text: str) -> set[str]:
    return {each for each in CANARIES if each in text}


@pytest.mark.parametrize("form", OPEN)
async def test_no_open_format_has_what_the_public_may_not_read(planted_url: str, form: str) -> None:
    text = words(await exported(planted_url, form, wanted(HEAD)))
    assert seen(text) == set()
    assert "May Ý Yên" in text  # what a scheme chose is there


@pytest.mark.parametrize("form", OF_ONE_TABLE)
async def test_no_table_has_what_the_public_may_not_read(planted_url: str, form: str) -> None:
    for table in PUBLISHED.tables:
        told = wanted(HEAD, table.name)
        assert seen(words(await exported(planted_url, form, told))) == set(), table.name


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_a_file_has_the_rows_that_anybody_sees_who_asks(
    url: str, history: History, share: float, effective: date | None
) -> None:
    at, on = int(len(history.recorded) * share), effective.isoformat() if effective else None
    async with served(url, Open(stranger=PUBLIC)) as runtime:
        seen_at = (await asker(runtime)(SEEN, at=at, on=on))["data"]["asOf"]
    facilities = [each["code"] for each in seen_at["facilities"]["nodes"]]
    lots = {lot["position"] for each in seen_at["facilities"]["nodes"] for lot in each["equipment"]}
    schemes = [each["code"] for each in seen_at["schemes"]["nodes"]]
    assert facilities
    assert schemes
    async with opened(url, wanted(at, None, effective)) as fund:
        assert sorted(facilities) == [row.facility_id async for row in fund.rows(facility)]
        assert sorted(schemes) == [row.scheme_id async for row in fund.rows(scheme)]
        assert lots == {row.position async for row in fund.rows(equipment)}
        assert [row async for row in fund.rows(contact)] == []


@pytest.mark.parametrize("form", OF_ONE_TABLE)
async def test_everything_is_everything(planted_url: str, form: str) -> None:
    """So that the tests above would see a canary that got out."""
    for table, there in PLACES.items():
        text = words(await exported(planted_url, form, wanted(HEAD, table, everything=True)))
        assert there <= seen(text), table


async def test_the_whole_log_has_it_too(planted_url: str) -> None:
    text = words(await exported(planted_url, "ndjson", wanted(HEAD, everything=True)))
    assert seen(text) == set(CANARIES)
    assert FORMULA in text


async def test_what_was_not_published_then_is_in_no_file_of_then(planted_url: str) -> None:
    """A facility with its machines, until a scheme chose it."""
    chosen = next(each.position for each in planted() if each.type == "BeneficiaryAssigned")
    for at, expected in ((chosen - 1, 0), (chosen, 1), (HEAD, 1)):
        async with opened(planted_url, wanted(at)) as fund:
            assert [await fund.count(each) for each in (facility, equipment)] == [expected] * 2


async def test_rows_for_programs_lack_what_may_not_be_seen(planted_url: str) -> None:
    async with opened(planted_url, wanted(HEAD)) as fund:
        for each in PROJECTIONS:
            shown = {column.name for column in PUBLISHED.columns(each)}
            rows = [row._asdict() async for row in fund.rows(each)]
            assert shown or not rows
            for row in rows:
                hidden = {name for name in row if name not in shown}
                assert all(row[name] is None for name in hidden)
            assert seen(str(rows)) == set(), each.name


def test_what_is_withheld_was_decided() -> None:
    withheld = {
        each.name: " ".join(
            column.name for column in columns_of(each.row) if column not in PUBLISHED.columns(each)
        )
        for each in PROJECTIONS
    }
    assert {name: columns for name, columns in withheld.items() if columns} == WITHHELD
    for each in PROJECTIONS:
        assert EVERYTHING.columns(each) == columns_of(each.row)


def test_what_is_published_can_be_told_apart_by_its_key() -> None:
    for each in PUBLISHED.tables:
        assert set(each.key) <= {column.name for column in PUBLISHED.columns(each)}


def coordinates() -> Iterator[str]:
    for column, field in FIELDS.items():
        type_, _, name = column.rpartition(".")
        if type_:
            yield f"{type_}.{field}"
        else:
            for of, shown in TYPES.items():
                if name in of.row._fields and f"{shown}.{name}" not in FIELDS:
                    yield f"{shown}.{field}"


def test_a_column_is_published_by_a_field_that_is_there() -> None:
    """But the sector of a beneficiary, say, is no rule of its own: default deny stands."""
    assert set(coordinates()) - set(rules()) == set()


def test_every_column_and_table_has_a_vietnamese_heading() -> None:
    for each in PROJECTIONS:
        assert TABLES[each.name]
        assert len(f"{TABLES[each.name]} · {each.name}") <= 31  # of Excel's
        for column in columns_of(each.row):
            assert heading(column.name)[0].isupper()


def test_the_log_is_not_had_by_default() -> None:
    with pytest.raises(Stop, match="not published") as stopped:
        _chosen("ndjson", None, is_whole=False)
    assert stopped.value.exit_code is Exit.USAGE
    assert _chosen("ndjson", None, is_whole=True) is OF_THE_FUND["ndjson"]


@pytest.mark.parametrize("table", ["contact", "mandate", "subject", "vault", "nothing"])
def test_a_table_that_is_not_published_is_not_had_by_default(table: str) -> None:
    with pytest.raises(Stop, match="--table is one of") as stopped:
        _wanted(table, None, is_whole=False)
    assert stopped.value.exit_code is Exit.USAGE
