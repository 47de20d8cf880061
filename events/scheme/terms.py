"""What a scheme may do, as it stands after its adjustments (nội dung đề án hiện hành)."""

from collections.abc import Iterable
from dataclasses import replace

from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented, Terms
from events.scheme.appraisal import SchemeResubmitted
from events.scheme.ceiling import Ceiling
from events.scheme.facts import SchemeProposed
from events.vocabulary import AdjustmentKind

NO_TERMS = Terms(
    ceilings=(),
    contents=(),
    starts_on=None,
    ends_on=None,
    provinces=(),
    implementer=None,
    beneficiary=None,
)


def proposed(proposal: SchemeProposed) -> Terms:
    """What a proposal asks for; its ceilings come with the approval."""
    return replace(
        NO_TERMS,
        contents=proposal.contents,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        implementer=proposal.implementer,
    )


def reworded(proposal: SchemeProposed, event: SchemeResubmitted) -> SchemeProposed:
    """The proposal as it reads after it was sent back."""
    return replace(
        proposal,
        title=event.title,
        contents=event.contents,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
    )


def changed(terms: Terms, event: SchemeAdjusted | SchemeSupplemented) -> Terms:
    """The terms after an adjustment or a supplement: what it does not name stays."""
    if isinstance(event, SchemeSupplemented):
        contents = (*terms.contents, *event.contents)
        return replace(terms, contents=contents, ceilings=(*terms.ceilings, *event.ceilings))
    after = event.after
    if event.adjustment is AdjustmentKind.BENEFICIARY:  # told by facts of their own
        return terms
    return replace(
        terms,
        ceilings=_with(terms.ceilings, after.ceilings),
        contents=after.contents or terms.contents,
        starts_on=after.starts_on or terms.starts_on,
        ends_on=after.ends_on or terms.ends_on,
        provinces=after.provinces or terms.provinces,
        implementer=after.implementer or terms.implementer,
    )


def _with(ceilings: Iterable[Ceiling], new: Iterable[Ceiling]) -> tuple[Ceiling, ...]:
    """In their order, with the new amounts."""
    now = {(each.source, each.budget_year): each for each in (*ceilings, *new)}
    return tuple(now.values())
