"""Whether a file is IATI 2.03: by its XSD, its code lists, its ruleset, and what they miss.

The ruleset is a file of cases; what each kind of case means is said in the standard, and written
down once more here, in XPath and sums. docs: iatistandard.org/en/iati-standard/203/rulesets.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from lxml import etree

Case: TypeAlias = Mapping[str, Any]
DATA: Final = Path(__file__).with_name("standards") / "iati"
XML: Final = "http://www.w3.org/XML/1998/namespace"
SOCAI: Final = "{https://socai.example/ns/export}"
TAKES_BACK: Final = {"2", "3"}
"""Only commitments and disbursements are ever negative."""


def faults(file: bytes, today: date) -> list[str]:
    """Everything that is wrong with a file on a day; none: it is sound."""
    tree = etree.fromstring(file)
    return by_schema(tree) or [
        *by_codes(tree),
        *by_ruleset(tree, today),
        *by_ourselves(tree, today),
    ]


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(DATA / "iati-activities-schema.xsd"))


def by_schema(tree: etree._Element) -> list[str]:
    schema = _schema()
    schema.validate(tree)
    return [f"schema: {each.message}" for each in schema.error_log]


def by_codes(tree: etree._Element) -> Iterator[str]:
    """Every code is one of the list that the standard maps to its place."""
    told = json.loads((DATA / "codes.json").read_text("utf-8"))
    for path, name in told["paths"].items():
        found = set(tree.xpath(path, namespaces={"xml": XML}))
        yield from (f"codes: {each} at {path}" for each in found - set(told["codes"][name]))


def by_ruleset(tree: etree._Element, today: date) -> Iterator[str]:
    """Each case of each rule, for each element that it is of."""
    ruleset = json.loads((DATA / "standard_ruleset.json").read_text("utf-8"))
    for selector, rules in ruleset.items():
        for element in tree.xpath(selector):
            for rule, told in rules.items():
                holds = RULES[rule]
                for case in told["cases"]:
                    if not holds(element, case, today):
                        yield f"ruleset: {selector} {rule} {json.dumps(case)}"


def _found(element: etree._Element, case: Case) -> list[Any]:
    return [each for path in case["paths"] for each in element.xpath(path)]


def _text(found: Any) -> str:
    return str(found if isinstance(found, str) else "".join(found.itertext()))


def _atleast_one(element: etree._Element, case: Case, _: date) -> bool:
    return bool(_found(element, case))


def _no_more_than_one(element: etree._Element, case: Case, _: date) -> bool:
    return len(_found(element, case)) <= 1


def _regex_matches(element: etree._Element, case: Case, _: date) -> bool:
    return all(re.fullmatch(case["regex"], _text(each)) for each in _found(element, case))


def _sum(element: etree._Element, case: Case, _: date) -> bool:
    parts = _found(element, case)
    return not parts or sum(Fraction(_text(each)) for each in parts) == case["sum"]


def _date_order(element: etree._Element, case: Case, today: date) -> bool:
    less, more = (_day(element, case[side], today) for side in ("less", "more"))
    return less is None or more is None or less <= more


def _day(element: etree._Element, path: str, today: date) -> date | None:
    if path == "NOW":
        return today
    found = element.xpath(path)
    return date.fromisoformat(found[0][:10]) if found else None


RULES: Mapping[str, Callable[[etree._Element, Case, date], bool]] = {
    "atleast_one": _atleast_one,
    "date_order": _date_order,
    "no_more_than_one": _no_more_than_one,
    "regex_matches": _regex_matches,
    "sum": _sum,
}


def by_ourselves(tree: etree._Element, today: date) -> Iterator[str]:
    """What the standard says in words, and its rules do not ask for."""
    activities = {each.findtext("iati-identifier"): each for each in tree.iter("iati-activity")}
    if len(activities) != len(list(tree.iter("iati-activity"))):
        yield "ours: two activities of one identifier"
    for name, each in activities.items():
        yield from (f"ours: {name}: {said}" for said in _of_activity(each, today))
        for related in each.iter("related-activity"):
            yield from _related(name, each, related, activities)


def _of_activity(of: etree._Element, today: date) -> Iterator[str]:
    sums: dict[str, Fraction] = {}
    for sector in of.findall("sector"):
        vocabulary, part = sector.get("vocabulary", "1"), Fraction(sector.get("percentage", "0"))
        sums[vocabulary] = sums.get(vocabulary, Fraction(0)) + part
        own = sector.get("vocabulary") == "99"
        if own and (sector.find("narrative") is None or not sector.get("vocabulary-uri")):
            yield "a vocabulary of our own without its words or its place"
    yield from (f"sectors of {name} are {whole} %" for name, whole in sums.items() if whole != 100)
    for day in of.xpath("transaction/transaction-date/@iso-date | transaction/value/@value-date"):
        if date.fromisoformat(day) > today:
            yield f"a transaction of {day}"
    for money in of.findall("transaction"):
        kind = money.find("transaction-type").get("code")
        if int(money.findtext("value")) < 0 and kind not in TAKES_BACK:
            yield f"a negative transaction of type {kind}"
    refs = Counter(each.get("ref") for each in of.findall("transaction"))
    yield from (f"two transactions {ref}" for ref, times in refs.items() if times > 1)


def _related(
    name: str, of: etree._Element, related: etree._Element, all_: Mapping[str, etree._Element]
) -> Iterator[str]:
    """1 parent, 2 child: whoever is named names back, and stands on the other level."""
    other, back = all_.get(related.get("ref")), {"1": "2", "2": "1"}[related.get("type")]
    if other is None:
        yield f"ours: {name} is related to {related.get('ref')}, which is not there"
        return
    answers = {(each.get("ref"), each.get("type")) for each in other.iter("related-activity")}
    if (name, back) not in answers:
        yield f"ours: {related.get('ref')} does not say that it is related to {name}"
    if (of.get("hierarchy"), other.get("hierarchy")) != (back, related.get("type")):
        yield f"ours: {name} and {related.get('ref')} stand on the wrong levels"
