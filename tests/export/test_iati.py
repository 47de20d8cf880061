"""IATI: valid by its XSD and its ruleset at any moment, and its sums are ours."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import etree

from events.sectors import SECTOR_GROUPS
from projections.balance import balance
from projections.ceiling import ceiling
from projections.commitment import CommitmentStatus
from projections.entry import EntryKind, entry
from projections.scheme import SchemeStatus, scheme
from service.export.dossiers import day_of
from service.export.fund import CannotHoldError, opened
from service.export.iati_parts import DAC, SME, stage
from service.export.shares import shares
from tests.export.files import exported, wanted
from tests.export.iati_checks import DATA, SOCAI, faults
from tests.export.told import demonstration, told
from tests.histories import History

MOMENTS = ((1.0, None), (0.6, None), (1.0, date(2019, 6, 30)), (0.8, date(2025, 7, 1)))
SIDES = {
    "1": {"INVESTMENT"},
    "2": {"COMMITMENT", "REDUCTION", "CANCELLATION", "REALLOCATION_OUT", "REALLOCATION_IN"},
    "3": {"ADVANCE", "DISBURSEMENT", "REVERSAL", "RECOVERY"},
    "11": {"PLEDGE"},
}
"""Type of an IATI transaction to the postings that are of it."""
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_a_file_is_valid_at_every_moment_and_adds_up(
    url: str, history: History, share: float, effective: date | None
) -> None:
    at = wanted(int(len(history.recorded) * share), None, effective)
    async with opened(url, at) as fund:
        rows = [row async for row in fund.rows(entry)]
        schemes = {row.scheme_id async for row in fund.rows(scheme)}
        today = day_of(fund.moment)
    assert today is not None
    file = await exported(url, "iati", at)
    assert faults(file, today) == []
    sums: Counter[tuple[str, str]] = Counter()
    for activity in etree.fromstring(file).iter("iati-activity"):
        for each in activity.iter("transaction"):
            kind = each.find("transaction-type").get("code")
            sums[activity.findtext("iati-identifier"), kind] += int(each.findtext("value"))
    ours: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for kind, sides in SIDES.items():
            if row.kind.name in sides and row.scheme_id in schemes:
                ours[f"VN-SOCAI-KCQG-scheme-{row.scheme_id}", kind] += row.amount
    assert {kind for _, kind in sums} <= SIDES.keys()
    assert sums == ours
    assert any(row.kind is EntryKind.REVERSAL for row in rows) or share < 1 or effective


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_the_budget_of_a_year_is_its_ceilings_and_what_closed_years_left_of_them(
    url: str, history: History, share: float, effective: date | None
) -> None:
    at = wanted(int(len(history.recorded) * share), None, effective)
    ours: Counter[tuple[str, str]] = Counter()
    revised = set()
    async with opened(url, at) as fund:
        schemes = {row.scheme_id async for row in fund.rows(scheme)}
        for model in (ceiling, balance):
            async for row in fund.rows(model):
                if row.scheme_id in schemes:
                    key = f"VN-SOCAI-KCQG-scheme-{row.scheme_id}", f"{row.budget_year}-01-01"
                    ours[key] += row.amount
                    revised |= {key} if model is balance else set()
    found: dict[tuple[str, str], int] = {}
    types: dict[tuple[str, str], str] = {}
    for activity in etree.fromstring(await exported(url, "iati", at)).iter("iati-activity"):
        for each in activity.iter("budget"):
            begins = each.find("period-start").get("iso-date")
            key = activity.findtext("iati-identifier"), begins
            found[key], types[key] = int(each.findtext("value")), each.get("type")
    assert found == dict(ours)
    assert {key for key, type_ in types.items() if type_ == "2"} == revised
    assert revised or share < 1 or effective


async def test_the_demonstration_is_valid_and_says_that_it_is_invented(demo_url: str) -> None:
    file = await exported(demo_url, "iati", wanted(len(demonstration())))
    assert faults(file, date(2026, 11, 1)) == []
    tree = etree.fromstring(file)
    schemes = tree.xpath("iati-activity[@hierarchy='2']")
    assert len(schemes) == 3
    for each in schemes:
        assert each.get(f"{SOCAI}synthetic") == "true"
        assert "synthetic data" in each.findtext("title/narrative")
        assert all(one.get(f"{SOCAI}synthetic") for one in each.iter("transaction"))
    (period,) = tree.xpath("iati-activity[@hierarchy='1']")
    claimed = [each.get("value") for each in period.iter("actual")]
    assert str(181_946_900_000) in claimed
    roles = {each.get("role") for each in schemes[0].findall("participating-org")}
    assert roles == {"1", "2", "4"}


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (SchemeStatus.SUSPENDED, "6"),
        (SchemeStatus.STOPPED, "5"),
        (SchemeStatus.COMPLETED, "4"),
        (SchemeStatus.APPROVED, "2"),
    ],
)
def test_what_was_decided_of_a_scheme_is_how_far_it_is(status: SchemeStatus, code: str) -> None:
    known = json.loads((DATA / "codes.json").read_text("utf-8"))["codes"]["ActivityStatus"]
    each = next(each.dossier for each in told(demonstration(), len(demonstration())))
    active = [row._replace(status=CommitmentStatus.ACTIVE) for row in each.commitments]
    of = replace(each, scheme=each.scheme._replace(status=status), commitments=active)
    found, begun, ended = stage(of, date(2021, 1, 1))
    assert found == code
    assert code in known
    assert begun is not None
    assert (ended is not None) == (code in {"4", "5"})


def test_nothing_ends_before_it_begins() -> None:
    each = next(each.dossier for each in told(demonstration(), len(demonstration())))
    begun = min(row.committed_on for row in each.commitments)
    taken_back = each.entries[0]._replace(
        kind=EntryKind.CANCELLATION, effective_on=begun - timedelta(days=9)
    )
    stopped = each.scheme._replace(status=SchemeStatus.STOPPED)
    of = replace(each, scheme=stopped, entries=[taken_back])
    assert stage(of, date(2021, 1, 1)) == ("5", begun, begun)


async def test_words_are_vietnamese_first_and_english_after(demo_url: str) -> None:
    tree = etree.fromstring(await exported(demo_url, "iati", wanted(len(demonstration()))))
    for each in tree.xpath("//*[narrative]"):
        languages = [word.get(LANGUAGE) for word in each.findall("narrative")]
        assert languages in (["vi"], ["vi", "en"]), each.tag


async def test_the_root_says_of_which_moment_the_file_is(sealed_url: str) -> None:
    file = await exported(sealed_url, "iati", wanted(12))
    tree = etree.fromstring(file)
    assert tree.get(f"{SOCAI}position") == "12"
    assert tree.get(f"{SOCAI}checkpointSize") == "14"
    assert tree.get(f"{SOCAI}checkpoint").split("\n")[1] == "14"
    assert tree.get("generated-datetime") == tree.get(f"{SOCAI}recordedAt")
    assert faults(file, date(2026, 11, 1)) == []


async def test_nothing_is_no_file(planted_url: str) -> None:
    for form in ("iati", "ocds", "ocds-records", "360giving"):
        with pytest.raises(CannotHoldError, match=f"{form} wants one"):
            await exported(planted_url, form, wanted(2))


def first(path: str) -> Callable[[etree._Element], etree._Element]:
    return lambda tree: tree.xpath(f"//iati-activity[@hierarchy='2']/{path}")[0]


def drop(tree: etree._Element, path: str) -> None:
    found = first(path)(tree)
    found.getparent().remove(found)


def put(tree: etree._Element, path: str, attribute: str, said: str) -> None:
    first(path)(tree).set(attribute, said)


def negate_pledge(tree: etree._Element) -> None:
    found = tree.xpath("//transaction[transaction-type/@code='11']/value")[0]
    found.text = "-1"


BROKEN: dict[str, tuple[Callable[[etree._Element], object], str]] = {
    "a status that there is not": (
        lambda tree: put(tree, "activity-status", "code", "9"),
        "codes: 9",
    ),
    "a trade that DAC does not have": (
        lambda tree: put(tree, "sector", "code", "99999"),
        "codes: 99999",
    ),
    "nobody reports": (lambda tree: drop(tree, "reporting-org"), "schema"),
    "a day that there is not": (
        lambda tree: put(tree, "transaction/transaction-date", "iso-date", "2020-02-30"),
        "schema",
    ),
    "an element out of its place": (
        lambda tree: first("title")(tree).addnext(etree.Element("budget")),
        "schema",
    ),
    "no planned and no actual beginning": (
        lambda tree: [drop(tree, f"activity-date[@type='{each}']") for each in (1, 2)],
        "ruleset: //iati-activity atleast_one",
    ),
    "an end before the beginning": (
        lambda tree: put(tree, "activity-date[@type='3']", "iso-date", "1999-01-01"),
        "ruleset: //iati-activity date_order",
    ),
    "a payment of tomorrow": (
        lambda tree: put(tree, "transaction/transaction-date", "iso-date", "2099-01-01"),
        "ruleset: //transaction date_order",
    ),
    "an identifier with a slash": (
        lambda tree: put(tree, "reporting-org", "ref", "VN/SOCAI"),
        "ruleset: //iati-activity regex_matches",
    ),
    "two countries that are not a whole": (
        lambda tree: put(tree, "recipient-country", "percentage", "60"),
        "ruleset: //iati-activity sum",
    ),
    "trades that are not a whole": (
        lambda tree: put(tree, "sector", "percentage", "60"),
        "ours: VN-SOCAI-KCQG-scheme-scheme.0: sectors of 1",
    ),
    "a trade of our own without words": (
        lambda tree: [drop(tree, "sector[@vocabulary='99']/narrative") for _ in (1, 2)],
        "ours",
    ),
    "a pledge that takes back": (negate_pledge, "ours"),
    "a parent that knows nothing of it": (lambda tree: tree.remove(tree[0]), "ours"),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_the_checks_see_what_is_wrong(url: str, history: History, what: str) -> None:
    tree = etree.fromstring(await exported(url, "iati", wanted(len(history.recorded))))
    harm, said = BROKEN[what]
    harm(tree)
    found = faults(etree.tostring(tree), date(2026, 11, 1))
    assert any(each.startswith(said) for each in found), found


def test_parts_of_a_hundred_are_a_hundred() -> None:
    for weights in ({"a": 1, "b": 1, "c": 1}, {"a": 1}, {"a": 1, "b": 10**12}, {"a": 7, "b": 0}):
        told = shares(weights)
        assert sum(int(re.sub(r"\.", "", each)) for each in told.values()) == 10_000
        assert all(float(each) > 0 for each in told.values())


def test_every_branch_is_one_that_dac_has() -> None:
    told = json.loads((DATA / "codes.json").read_text("utf-8"))["codes"]["Sector"]
    assert {*DAC.values(), SME} <= set(told)
    assert set(DAC) <= {each.code for each in SECTOR_GROUPS}
