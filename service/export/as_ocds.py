"""`--format ocds` and `ocds-records`: the Open Contracting Data Standard 1.1, out of the events.

A scheme is a contracting process, a commitment an award with its contract. Each event of a scheme
is a release: its id is the event's, its date the day and time it was recorded. A record has the
releases of a scheme whole, and what the read models say that they come to; a merge by the
standard's own program (`ocdsmerge`) must say the same, and a test asks it.
"""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import orjson

from projections.scheme import scheme
from service.export import identifiers as ids
from service.export.dossiers import dossiers, organisations, refuse_nothing
from service.export.fund import Fund
from service.export.moment import Moment, provenance
from service.export.ocds_parts import Json
from service.export.ocds_record import record
from service.export.ocds_release import Telling


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """A release package, release by release; `told` of schemes."""
    await refuse_nothing(fund, "ocds")
    names = await _names(fund)
    into.write(_begin(fund.moment, "releases"))
    done, between = 0, b"\n"
    async for row in fund.rows(scheme):
        telling = Telling(names)
        async for event in fund.story(f"scheme-{row.scheme_id}"):
            release = telling.release(event)
            if release is not None:
                into.write(between + orjson.dumps(release))
                between = b",\n"
        done += 1
        told(done)
    into.write(b"\n]}\n")


async def write_records(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """A record package, a record for each scheme; `told` of schemes."""
    await refuse_nothing(fund, "ocds-records")
    names = await _names(fund)
    into.write(_begin(fund.moment, "records"))
    done, between = 0, b"\n"
    async for dossier in dossiers(fund):
        telling = Telling(names)
        releases: list[Json] = []
        async for event in fund.story(f"scheme-{dossier.scheme.scheme_id}"):
            release = telling.release(event)
            if release is not None:
                releases.append(release)
        into.write(between + orjson.dumps(record(dossier, releases, names)))
        between = b",\n"
        done += 1
        told(done)
    into.write(b"\n]}\n")


async def _names(fund: Fund) -> Mapping[str, str]:
    bodies = await organisations(fund)
    return {code: each.name for code, each in bodies.items()}


def _begin(moment: Moment, of: str) -> bytes:
    """The package, up to its list: no clock in it, one moment is one file."""
    about: dict[str, Any] = {
        "uri": f"urn:socai:{of}:{moment.position}",
        "version": "1.1",
        "publisher": {"name": ids.PUBLISHER_NAME, "uid": ids.PUBLISHER},
        "publishedDate": ids.at(moment.recorded_at),
        "socai": provenance(moment),
    }
    begun = orjson.dumps(about, option=orjson.OPT_UTC_Z)
    return begun[:-1] + f',"{of}":['.encode()
