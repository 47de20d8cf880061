"""Which body may approve which change of a scheme (thẩm quyền, TT 36/2013/TT-BCT Đ11).

The body is named in the command; what it is, its own stream says.
"""

from events.identity import OrganisationId, SchemeId
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.rules import Occasion, Refusal, refusal
from events.vocabulary import OrganisationKind


# One code with `WrongAuthority` of events/duties.py: there a person, here a body may not.
@refusal(
    rule="TT 36/2013/TT-BCT Đ11: the Ministry approves an increase, new content, an extension into"
    " another year, a supplement, a stop; the Department place, beneficiary, partner, days and"
    " decrease",
    code="WRONG_AUTHORITY",
)
class WrongApprover(Refusal):
    """Such a change of scheme {scheme_id} is for {needed} to approve; {approver} is {kind}.

    Thay đổi này của đề án {scheme_id} thuộc thẩm quyền của {needed}; {approver} là {kind}.
    """

    scheme_id: SchemeId
    approver: OrganisationId
    kind: OrganisationKind
    needed: OrganisationKind


def check_approver(
    scheme_id: SchemeId, approver: OrganisationId, needed: OrganisationKind, occasion: Occasion
) -> None:
    """Refuse a body that is not registered, or not of the class that the law names."""
    body = occasion.neighbour(organisation_stream(approver), Organisation)
    if body is None:
        raise UnknownOrganisation(organisation_id=approver)
    kind = body.registration.kind
    if kind is not needed:
        raise WrongApprover(scheme_id=scheme_id, approver=approver, kind=kind, needed=needed)
