"""One whole scheme of each class, from its plan to its evaluation, by the mutations alone.

Over HTTP, against the demonstration, as five roles: the operator of a province, the manager of the
centre, the approver, the accountant, the auditor. Everything here is invented.
"""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.service.command_line import running
from tests.service.desk import Desk
from tests.service.life import (
    ACCOUNTANT,
    APPROVER,
    GRANT,
    MINISTRY,
    SOURCE,
    YEARS,
    approved,
    carried_out,
    closed,
    proposed,
    registered,
    stands,
    supported,
)

CONFERENCE = "2020-11-05"
PAYMENT = """{ payments(first: 1, filter: {
    kind: { eq: DISBURSEMENT } paidOn: { gte: "2018-01-01", lte: "2019-12-31" } }) {
    nodes { code scheme { code } } } }"""
AXES = """query ($known: Position!, $day: Date!) {
    known: asOf(position: $known, effectiveOn: $day) { ...Answer }
    now: asOf(effectiveOn: $day) { ...Answer
        diff(from: $known) { restatements { nodes {
            account change events { nodes { type } } } } } } }
    fragment Answer on Query { period(code: "2018-2020") { totals { total grant disbursed } } }"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration, with a programme of its own time, a plan of two years and a document."""
    folder = tmp_path_factory.mktemp("whole")
    with running(folder, "demo", "--port", "0", "--data", str(folder / "data")) as demo:
        demo.ready()
        with closing(Desk(demo)) as desk:
            period = {"code": "2016-2017", "name": "Giai đoạn minh hoạ 2016–2017"}
            span = {"startsOn": "2016-01-01", "endsOn": "2017-12-31"}
            desk(APPROVER, "openPeriod", "2016-01-01", **period, **span)
            for year in YEARS:
                desk(
                    MINISTRY,
                    "approvePlanBudget",
                    f"{year}-01-05",
                    budgetYear=year,
                    amount="5000000000",
                    decision=f"QĐ minh hoạ {year}",
                )
            desk(
                APPROVER,
                "registerSourceDocument",
                "2017-12-20",
                sourceId=SOURCE,
                title="Báo cáo minh hoạ",
                publisher="Trung tâm minh hoạ",
                publishedAt="2017-12-20T08:00:00Z",
                sha256="0" * 64,
            )
            yield desk


def test_a_normal_scheme(desk: Desk) -> None:
    (facility,) = registered(desk, "thuong", 1)
    proposed(desk, "thuong", "NORMAL", ["ADVANCED_MACHINERY"], "2017-12-31")
    approved(desk, "thuong", 1, GRANT)
    supported(desk, "thuong", facility, "thuong-1")
    carried_out(desk, "thuong", facility, "thuong-1")
    closed(desk, "thuong", facility)
    stands(desk, "thuong", 1)


def test_a_group_scheme_finds_its_beneficiaries_after_its_approval(desk: Desk) -> None:
    facilities = registered(desk, "nhom", 3)
    proposed(desk, "nhom", "GROUP", ["ADVANCED_MACHINERY"], "2017-12-31")
    approved(desk, "nhom", 2, 3 * GRANT)
    nobody = desk.ask('{ scheme(code: "nhom") { status beneficiaries { totalCount } } }')["scheme"]
    assert nobody["beneficiaries"]["totalCount"] == 0
    for nth, facility in enumerate(facilities, 1):
        supported(desk, "nhom", facility, f"nhom-{nth}")
        carried_out(desk, "nhom", facility, f"nhom-{nth}")
    closed(desk, "nhom", facilities[0])
    stands(desk, "nhom", 3)


def test_a_focal_scheme_needs_two_contents_two_years_and_two_beneficiaries(desk: Desk) -> None:
    facilities = registered(desk, "diem", 2)
    contents = ["ADVANCED_MACHINERY", "CONSULTANCY"]
    proposed(desk, "diem", "FOCAL", contents, "2017-12-31")
    approved(desk, "diem", 3, 2 * GRANT)
    supported(desk, "diem", facilities[0], "diem-1")
    carried_out(desk, "diem", facilities[0], "diem-1")
    assert desk.refused(APPROVER, "completeScheme", "2017-12-01", schemeId="diem") == "FOCAL_RULE"
    supported(desk, "diem", facilities[1], "diem-2")
    carried_out(desk, "diem", facilities[1], "diem-2")
    closed(desk, "diem", facilities[0])
    stands(desk, "diem", 2)


def test_in_the_end_the_books_balance(desk: Desk) -> None:
    rows = desk.ask("{ trialBalance { debit credit balance } }")["trialBalance"]
    assert sum(int(each["balance"]) for each in rows) == 0
    assert sum(int(each["debit"]) for each in rows) == sum(int(each["credit"]) for each in rows)


def test_what_the_conference_knew_and_what_is_known_differ_by_what_was_restated(
    desk: Desk,
) -> None:
    """An error of 2019 is found today: what was known of the conference's day stays as it was."""
    position = desk.ask("{ ledger { position } }")["ledger"]["position"]
    before = desk.ask(AXES, known=position, day=CONFERENCE)
    assert before["known"] == {"period": before["now"]["period"]}
    assert before["now"]["diff"]["restatements"]["nodes"] == []
    (payment,) = desk.ask(PAYMENT)["payments"]["nodes"]
    of = {"schemeId": payment["scheme"]["code"], "paymentId": payment["code"]}
    reason = "chi nhầm (minh hoạ)"
    desk(ACCOUNTANT, "reversePayment", CONFERENCE, **of, amount="1000000", reason=reason)
    after = desk.ask(AXES, known=position, day=CONFERENCE)
    assert after["known"] == before["known"]
    then, now = (after[at]["period"]["totals"] for at in ("known", "now"))
    assert int(now["disbursed"]) - int(then["disbursed"]) == -1_000_000
    assert (now["grant"], now["total"]) == (then["grant"], then["total"])
    lines = after["now"]["diff"]["restatements"]["nodes"]
    changed = {each["account"]: int(each["change"]) for each in lines}
    assert changed == {"COMMITTED": 1_000_000, "DISBURSED": -1_000_000}
    for each in lines:
        assert each["events"]["nodes"] == [{"type": "PaymentReversed"}]
