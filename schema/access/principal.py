"""Whoever asks (chủ thể): an identity that was proven elsewhere, and the mandates it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from events.envelope import Actor, Jurisdiction
from events.geography import PROVINCES, at
from events.identity import OrganisationId, ProvinceRef
from events.mandate import PrincipalId
from events.rules import value
from events.vocabulary import Role
from schema.access.sight import ALL_SEEING, Sight, scope_of
from schema.planner.scope import Scope, figure

READ, WRITE, FOLLOW = "read", "write", "follow"
SCOPES = frozenset({READ, WRITE, FOLLOW})
"""What a credential may be used for: questions, commands, the feed."""


@value
class Mandate:
    """A role that counts today (phân quyền đang hiệu lực), and what it is held over."""

    role: Role
    organisation: OrganisationId
    province: ProvinceRef | None = None
    centre: OrganisationId | None = None

    @property
    def sees_all(self) -> bool:
        """Whether nothing of the fund is hidden from it."""
        return self.role in ALL_SEEING and self.within is None

    @property
    def within(self) -> Jurisdiction | None:
        """How far a command under it reaches; None: everywhere."""
        if self.province is None and self.centre is None:
            return None
        provinces = frozenset({self.province} if self.province else ())
        return Jurisdiction(provinces=provinces, organisation=self.centre)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """One caller. What may be asked of it is worked out once."""

    id: PrincipalId | None
    """None: nobody said who he is."""
    mandates: tuple[Mandate, ...] = ()
    scopes: frozenset[str] = SCOPES
    expires: float | None = None
    """Unix time at which the credential ends; None: it does not."""

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Everybody is one of the public."""
        return frozenset({Role.PUBLIC, *(each.role for each in self.mandates)})

    @cached_property
    def sight(self) -> Sight:
        """How much of the fund it sees."""
        if any(each.sees_all for each in self.mandates):
            return Sight.ALL
        has_own = any(each.province or each.centre for each in self.mandates)
        return Sight.OWN if has_own else Sight.PUBLISHED

    @property
    def scope(self) -> Scope:
        """What the planner writes into its statements."""
        return scope_of(self.roles, self.sight, is_feed=False)

    @property
    def feed(self) -> Scope:
        """The same for a subscription: each event as things stood when it was recorded."""
        return scope_of(self.roles, self.sight, is_feed=True)

    @cached_property
    def figures(self) -> Mapping[str, object]:
        """What conditions ask of the caller, as variables of a request; of nobody, nothing."""
        if self.id is None:
            return MappingProxyType({})
        refs = {ref for each in self.mandates if each.province for ref in parts(each.province)}
        centres = {each.centre for each in self.mandates if each.centre}
        return MappingProxyType(
            {
                figure("principal"): self.id,
                figure("provinces"): listed(map(str, refs)),
                figure("centres"): listed(centres),
            }
        )

    def acting(self, mandate: Mandate) -> Actor:
        """Who acts, and as what, under a mandate of his."""
        return Actor(id=str(self.id), role=mandate.role.name, organisation=mandate.organisation)

    def mandates_for(self, roles: frozenset[Role]) -> tuple[Mandate, ...]:
        """The mandates that a command may be given under."""
        return tuple(each for each in self.mandates if each.role in roles)


def listed(codes: Iterable[str]) -> str:
    """As one text, each code between bars, of which none has one.

    An array would cost the driver more than the rest of a small question's parameters together.
    """
    return "".join(f"|{code}" for code in sorted(codes)) + "|"


def parts(province: ProvinceRef) -> frozenset[ProvinceRef]:
    """Every province, of whatever time, that has become part of this one."""
    return frozenset(
        each.ref
        for each in PROVINCES
        if each.ref == province or at(each.ref, province.valid_from) == province
    )


PUBLIC = Principal(id=None)
"""Whoever asks without saying who he is (công chúng)."""
